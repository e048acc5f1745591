/** @module What a compute backend offers to a training: G and D as tensors on a device, the step, and pictures. */
import type { NamedValues } from '@latent-dogs/tfjs-onnx';

/** Float32 values of the inputs of a step, by the names of `stepInputs` in model/step.ts. */
export type StepValues = Record<string, Float32Array>;

/** The scalars a step gives back, see `StepResult`. */
export const STEP_OUTPUTS = ['lossD', 'lossG', 'dReal', 'dFake', 'diversity'] as const;

export type StepOutputs = Record<(typeof STEP_OUTPUTS)[number], number>;

export interface Networks {
  /** Whether photos are wanted as [N,3,H,W] rather than [N,H,W,3]. */
  readonly planar: boolean;
  /** One step; with `penalise` R1 is part of it. A step that fails leaves the tensors as they were. */
  step(values: StepValues, penalise: boolean): Promise<StepOutputs>;
  /** Pictures [64,3,H,W] in [-1, 1] of z [64, latent]. */
  sample(z: Float32Array): Promise<Float32Array>;
  /** Copies of all tensors, row-major. */
  read(): Promise<NamedValues>;
  /** Replaces all tensors by copies of `values`. */
  write(values: NamedValues): void;
  dispose(): Promise<void>;
}

/** Pictures on a sheet, and the batch that is sampled at once. */
export const SAMPLES = 64;
