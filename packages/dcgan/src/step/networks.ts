/** @module The interface of a compute backend: the tensors of G and D on a device, the training step, sampling, and D's verdicts. */
import type { NamedValues } from '@latent-dogs/tfjs-onnx';
import type { Config } from '../settings/settings.ts';
import type { OverfittingNumbers } from './overfitting-step.ts';
import type { StepNumbers } from './step-numbers.ts';

/** Values of a step's inputs, by the names in `stepInputs` (step.ts) or `overfittingInputs` (overfitting-step.ts). */
export type StepValues = Record<string, Float32Array | Uint8Array>;

export interface Networks {
  /** One training step, with R1 if `penalise`. A step that fails leaves the tensors unchanged. */
  step(values: StepValues, penalise: boolean): Promise<StepNumbers>;
  /** Pictures [N, size, size, 3] in [-1, 1] for z [N, latent]; N is a multiple of SAMPLE_BATCH. */
  sample(z: Float32Array): Promise<Float32Array>;
  /**
   * What D says about a batch each of photos, held-out photos and fakes: `overfittingStep`. Changes no tensor.
   *
   * @throws if the config holds out no photos.
   */
  overfitting(values: StepValues): Promise<OverfittingNumbers>;
  /** Copies of all tensors, row-major. */
  read(): Promise<NamedValues>;
  /** Replaces all tensors by copies of `values`. */
  write(values: NamedValues): void;
  dispose(): Promise<void>;
}

/**
 * Creates the networks of a config on a backend.
 *
 * @param values of every tensor in `stateDefinitions(config)`.
 * @throws if the backend cannot run here.
 */
export type CreateNetworks = (config: Config, values: NamedValues) => Promise<Networks>;

/** Pictures on a sheet. */
export const SAMPLES = 64;
/** Pictures that are sampled at once: few, so that a page can show some without a pause in training. */
export const SAMPLE_BATCH = 16;
