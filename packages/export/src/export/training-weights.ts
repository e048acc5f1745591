/** @module `training.safetensors`: the trained networks, for other trainings to start from. */
import { type Checkpoint, type StoredType, safetensorsPieces, type Tensor, transferable } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';

/** Filters, nearly all of the numbers, as float16. The rest, such as variances, may be too large or too small for that. */
const typeOf = ({ shape }: Tensor): StoredType => (shape.length > 1 ? 'F16' : 'F32');

/**
 * The bytes of a safetensors file with G, its moving average if the run keeps one, D, and their statistics.
 *
 * @throws {UserError} naming a filter with a value that is too large for float16.
 */
export function trainingWeights({ tensors, imagesSeen }: Checkpoint): Uint8Array {
  try {
    return Buffer.concat([...safetensorsPieces(transferable(tensors), typeOf)]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `the weights after ${imagesSeen} images can't be stored (${error.message}); export an earlier --checkpoint, or use --no-training`,
    );
  }
}
