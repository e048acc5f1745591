/** @module What computes, and on what: the words of `--backend` and `--device`, resolved. */

import type { Config } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';

/** A backend and a device that it can use. */
export type Compute =
  | { backend: 'onnxruntime'; device: 'cpu' | 'webgpu' | 'cuda' }
  | { backend: 'tensorflow'; device: 'cpu' | 'cuda' };

/** Every pair, those with a GPU first, what runs on every machine last. */
export const COMPUTES: readonly Compute[] = [
  { backend: 'tensorflow', device: 'cuda' },
  { backend: 'onnxruntime', device: 'cuda' },
  { backend: 'onnxruntime', device: 'webgpu' },
  { backend: 'tensorflow', device: 'cpu' },
  { backend: 'onnxruntime', device: 'cpu' },
];

/** What runs on every machine. */
export const EVERYWHERE: Compute = { backend: 'onnxruntime', device: 'cpu' };

const NAMES = { onnxruntime: 'ONNX Runtime', tensorflow: 'TensorFlow', cpu: 'the CPU', webgpu: 'WebGPU', cuda: 'CUDA' };

/** For example `ONNX Runtime on the CPU`. */
export const nameOf = ({ backend, device }: Compute): string => `${NAMES[backend]} on ${NAMES[device]}`;

/** For example `--backend tensorflow --device cuda`. */
export const flagsOf = ({ backend, device }: Compute): string => `--backend ${backend} --device ${device}`;

/** Whether mixed precision can be faster there: ONNX Runtime's CPU multiplies in float32, TensorFlow's step is written in it. */
export const takesMixed = ({ backend, device }: Compute): boolean => backend === 'onnxruntime' && device !== 'cpu';

/** The pairs that the settings leave open. @throws UserError where they leave none. */
export function candidates({
  backend,
  device,
  precision,
}: Pick<Config, 'backend' | 'device' | 'precision'>): readonly Compute[] {
  const left = COMPUTES.filter(
    (compute) =>
      (backend === 'auto' || compute.backend === backend) && (device === 'auto' || compute.device === device),
  );
  if (left.length === 0)
    throw new UserError(`--device ${device}: --backend ${backend} has no such device; legal: auto, cpu, cuda`);
  const able = precision === 'mixed' ? left.filter(takesMixed) : left;
  if (able.length > 0) return able;
  const why =
    backend === 'tensorflow' ? 'TensorFlow trains in float32 here' : 'on the CPU it gains nothing over float32';
  throw new UserError(`--precision mixed: ${why}; it needs --backend onnxruntime with --device webgpu or cuda`);
}

/** What a config computes with. `auto` that was not resolved is what runs on every machine. */
export function computeOf({ backend, device }: Pick<Config, 'backend' | 'device'>): Compute {
  const chosen = { backend: backend === 'auto' ? 'onnxruntime' : backend, device: device === 'auto' ? 'cpu' : device };
  return chosen as Compute;
}
