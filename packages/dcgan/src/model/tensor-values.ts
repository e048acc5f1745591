import { UserError } from '@latent-dogs/latent';
import type { Tensor } from '../step/state.ts';

/**
 * Values of a tensor of a checkpoint, row-major.
 *
 * @throws UserError naming a tensor that is missing or does not have `shape`, which follows from the run's config
 */
export function tensorValues(
  tensors: Readonly<Record<string, Tensor | undefined>>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = tensors[name];
  if (!tensor) throw new UserError(`the checkpoint does not fit the run's config.json: tensor '${name}' is missing`);
  if (String(tensor.shape) !== String(shape)) {
    throw new UserError(
      `the checkpoint does not fit the run's config.json: tensor '${name}' is [${tensor.shape}] and should be [${shape}]`,
    );
  }
  return tensor.data;
}
