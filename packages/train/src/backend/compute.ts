/** @module Pairs of compute backend and device: resolved values of `--backend` and `--device`. */

import type { Config } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';

/** A backend and a device that it can use. */
export type Compute =
  | { backend: 'onnxruntime'; device: 'cpu' | 'webgpu' | 'cuda' }
  | { backend: 'tensorflow'; device: 'cpu' | 'cuda' };

/** All pairs: those with a GPU first, the fallback last. */
export const COMPUTES: readonly Compute[] = [
  { backend: 'tensorflow', device: 'cuda' },
  { backend: 'onnxruntime', device: 'cuda' },
  { backend: 'onnxruntime', device: 'webgpu' },
  { backend: 'tensorflow', device: 'cpu' },
  { backend: 'onnxruntime', device: 'cpu' },
];

/** The pair that works on every machine. */
export const FALLBACK: Compute = { backend: 'onnxruntime', device: 'cpu' };

const NAMES = { onnxruntime: 'ONNX Runtime', tensorflow: 'TensorFlow', cpu: 'the CPU', webgpu: 'WebGPU', cuda: 'CUDA' };

/** For example `ONNX Runtime on the CPU`. */
export const nameOf = ({ backend, device }: Compute): string => `${NAMES[backend]} on ${NAMES[device]}`;

/** For example `--backend tensorflow --device cuda`. */
export const flagsOf = ({ backend, device }: Compute): string => `--backend ${backend} --device ${device}`;

/** Whether mixed precision is possible and can be faster: ONNX Runtime multiplies in float32 on the CPU, TensorFlow everywhere. */
export const takesMixed = ({ backend, device }: Compute): boolean => backend === 'onnxruntime' && device !== 'cpu';

/** The pairs allowed by the settings. @throws UserError if there are none. */
export function candidates({
  backend,
  device,
  precision,
}: Pick<Config, 'backend' | 'device' | 'precision'>): readonly Compute[] {
  const allowed = COMPUTES.filter(
    (compute) =>
      (backend === 'auto' || compute.backend === backend) && (device === 'auto' || compute.device === device),
  );
  if (allowed.length === 0)
    throw new UserError(`--device ${device}: --backend ${backend} has no such device; legal: auto, cpu, cuda`);
  const able = precision === 'mixed' ? allowed.filter(takesMixed) : allowed;
  if (able.length > 0) return able;
  const why =
    backend === 'tensorflow' ? 'TensorFlow trains in float32 here' : 'it is not faster than float32 on the CPU';
  throw new UserError(`--precision mixed: ${why}; it needs --backend onnxruntime with --device webgpu or cuda`);
}

/** The pair of a config. An unresolved `auto` means the fallback. */
export function computeOf({ backend, device }: Pick<Config, 'backend' | 'device'>): Compute {
  const chosen = { backend: backend === 'auto' ? 'onnxruntime' : backend, device: device === 'auto' ? 'cpu' : device };
  return chosen as Compute;
}
