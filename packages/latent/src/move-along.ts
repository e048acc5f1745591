/** @module Moving a latent along a model's directions. */

interface Direction {
  /** Unit vector, [latentSize]. */
  readonly vector: readonly number[];
  /** Standard deviation of z along it, in units of z. */
  readonly deviation: number;
}

/**
 * z moved along directions of model.json (GANSpace, Härkönen 2020).
 *
 * @param z float32 [latentSize]
 * @param distances by the index of the direction, in standard deviations; a missing one is 0
 * @returns a new float32 [latentSize]
 */
export function moveAlong(
  z: Float32Array,
  directions: readonly Direction[],
  distances: readonly (number | undefined)[],
): Float32Array<ArrayBuffer> {
  const moved = Float32Array.from(z);
  for (const [i, { vector, deviation }] of directions.entries()) {
    const distance = (distances[i] ?? 0) * deviation;
    if (distance !== 0) for (let k = 0; k < moved.length; k++) moved[k]! += distance * vector[k]!;
  }
  return moved;
}
