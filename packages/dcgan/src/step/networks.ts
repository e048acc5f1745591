/** @module What a compute backend offers to training: G and D as tensors on a device, the step, and pictures. */
import type { NamedValues } from '@latent-dogs/tfjs-onnx';
import type { Config } from '../settings/settings.ts';
import type { StepNumbers } from './step-numbers.ts';

/** Values of the inputs of a step, by the names of `stepInputs` in step.ts. */
export type StepValues = Record<string, Float32Array | Uint8Array>;

export interface Networks {
  /** One step; with `penalise` R1 is part of it. A step that fails leaves the tensors as they were. */
  step(values: StepValues, penalise: boolean): Promise<StepNumbers>;
  /** Pictures [64, size, size, 3] in [-1, 1] of z [64, latent]. */
  sample(z: Float32Array): Promise<Float32Array>;
  /** Copies of all tensors, row-major. */
  read(): Promise<NamedValues>;
  /** Replaces all tensors by copies of `values`. */
  write(values: NamedValues): void;
  dispose(): Promise<void>;
}

/**
 * The networks of a config with these tensors, on some backend.
 * @param values of every tensor of `stateDefinitions(config)`.
 * @throws if the backend cannot run here.
 */
export type CreateNetworks = (config: Config, values: NamedValues) => Promise<Networks>;

/** Pictures on a sheet, and the batch that is sampled at once. */
export const SAMPLES = 64;
