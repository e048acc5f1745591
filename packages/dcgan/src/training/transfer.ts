/** @module Transfer learning: which tensors of a trained run another run can start from, and its tensors at the start. */
import { UserError } from '@latent-dogs/latent';
import { type StateConfig, stateDefinitions, type Tensor } from '../step/state.ts';

const MOMENTS = 'adam/';
const AVERAGE = 'ema/';

/** The tensors of a checkpoint that transfer: all but Adam's moments. */
export const transferable = (tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith(MOMENTS)));

/**
 * All tensors of a run at its start from trained networks. G, D and their statistics are the source's. The moving average is the
 * source's too; if the source has none, it starts as a copy of G. Adam's moments are 0.
 *
 * @param config of the new run; settings that shape the networks must be the source's.
 * @param source tensors by name, see `transferable`; others are ignored.
 * @throws {UserError} naming a tensor that is missing or has another shape.
 */
export function transferredState(
  config: StateConfig,
  source: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const start = (name: string, shape: readonly number[]): Tensor => {
    if (name.startsWith(MOMENTS)) return { shape: [...shape], data: new Float32Array(sizeOf(shape)) };
    const tensor = source[name] ?? (name.startsWith(AVERAGE) ? source[name.slice(AVERAGE.length)] : undefined);
    if (!tensor) throw new UserError(`--from: the trained weights lack the tensor '${name}'`);
    if (String(tensor.shape) !== String(shape))
      throw new UserError(`--from: the trained tensor '${name}' is [${tensor.shape}] and should be [${shape}]`);
    return tensor;
  };
  return Object.fromEntries(
    Object.entries(stateDefinitions(config)).map(([name, { shape }]) => [name, start(name, shape)]),
  );
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
