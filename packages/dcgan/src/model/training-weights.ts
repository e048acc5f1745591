/** @module `training.safetensors`: the trained networks, for other trainings to start from. */
import { UserError } from '@latent-dogs/latent';
import type { Tensor } from '../step/state.ts';
import type { Checkpoint } from '../training/run-store.ts';
import { type StoredType, safetensorsPieces } from '../training/safetensors.ts';
import { transferable } from '../training/transfer.ts';

/** Filters, nearly all of the numbers, as float16. The rest, such as variances, may be too large or too small for that. */
const typeOf = ({ shape }: Tensor): StoredType => (shape.length > 1 ? 'F16' : 'F32');

/**
 * The bytes of a safetensors file with G, its moving average if the run keeps one, D, and their statistics.
 *
 * @throws {UserError} naming a filter with a value that is too large for float16.
 */
export function trainingWeights({ tensors, imagesSeen }: Checkpoint): Uint8Array<ArrayBuffer> {
  try {
    return joined([...safetensorsPieces(transferable(tensors), typeOf)]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `the weights after ${imagesSeen} images can't be stored (${error.message}); export an earlier --checkpoint, or use --no-training`,
    );
  }
}

/** Pieces of a file as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
