/** @module Precision and recall of a generator (Kynkäänniemi et al. 2019, arXiv:1904.06991): the shares of its pictures that resemble photos, and of photos that resemble its pictures. */
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { eachSquaredDistances, type Rows } from './row-products.ts';

/** As in the paper. */
const NEIGHBOURS = 3;

/**
 * The manifold of a set is the union of balls around its members; the radius of each ball is the distance to the member's
 * third nearest neighbour. Precision is the share of fakes on the manifold of the photos, recall the share of photos on the
 * manifold of the fakes. Both sets need more than 3 members, and should have the same number of them.
 */
export async function precisionRecall(
  runtime: Runtime,
  photos: Rows,
  fakes: Rows,
): Promise<{ precision: number; recall: number }> {
  const [photoRadii, fakeRadii] = [await squaredRadii(runtime, photos), await squaredRadii(runtime, fakes)];
  const covered = new Uint8Array(photos.count);
  let precise = 0;
  await eachSquaredDistances(runtime, fakes, photos, (fake, distances) => {
    let within = false;
    for (let photo = 0; photo < photos.count; photo++) {
      if (distances[photo]! <= photoRadii[photo]!) within = true;
      if (distances[photo]! <= fakeRadii[fake]!) covered[photo] = 1;
    }
    if (within) precise++;
  });
  return { precision: precise / fakes.count, recall: covered.reduce((sum, one) => sum + one, 0) / photos.count };
}

async function squaredRadii(runtime: Runtime, rows: Rows): Promise<Float32Array> {
  const radii = new Float32Array(rows.count);
  await eachSquaredDistances(runtime, rows, rows, (row, distances) => {
    const nearest = new Float32Array(NEIGHBOURS).fill(Number.POSITIVE_INFINITY);
    for (let other = 0; other < rows.count; other++) {
      const distance = distances[other]!;
      if (other === row || distance >= nearest[NEIGHBOURS - 1]!) continue;
      nearest[NEIGHBOURS - 1] = distance;
      nearest.sort();
    }
    radii[row] = nearest[NEIGHBOURS - 1]!;
  });
  return radii;
}
