/** @module The memorisation check: the nearest training photo of each generated picture, compared with how near photos are to each other. */

import type { PictureSource } from '@latent-dogs/latent';
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { type LookScale, lookFeatures, lookScale } from './look-features.ts';
import { mirrored, type Pictures, pictures } from './pictures.ts';
import { eachSquaredDistances, type Rows, rows } from './row-products.ts';

export interface Nearest {
  /** Index of the photo in the dataset. */
  photo: number;
  /** In the units of the features. For `nearestPhotos`, random photos are 1 apart (root mean square). */
  distance: number;
}

export interface Memorisation {
  /** One for each generated picture. */
  nearest: Nearest[];
  /** Median over the generated pictures of the distance to the nearest photo. */
  median: number;
  /** Median over photos of the distance to the nearest other photo. */
  medianPhotos: number;
  /**
   * Share of generated pictures that are nearer to a photo than 99 % of photos are to another photo. New photos would have
   * about 0.01.
   */
  nearCopies: number;
}

/** Photos read at once. */
const BLOCK = 1_024;

/**
 * Finds the nearest photo of each generated picture and of its mirror image, by the features of look-features.ts.
 *
 * @param held indices of photos, at least one, for which the nearest other photo is found in the same way
 */
export async function nearestPhotos(
  runtime: Runtime,
  dataset: PictureSource,
  generated: Pictures,
  held: ArrayLike<number>,
): Promise<Memorisation> {
  const heldPictures = await readPictures(dataset, held);
  const scale = lookScale(lookFeatures(heldPictures));
  const fakes = new NearestSearch(runtime, bothWays(generated, scale), generated.count);
  const photos = new NearestSearch(runtime, bothWays(heldPictures, scale), heldPictures.count, held);
  for (let from = 0; from < dataset.count; from += BLOCK) {
    const indices = Array.from({ length: Math.min(BLOCK, dataset.count - from) }, (_, i) => from + i);
    const looks = lookFeatures(await readPictures(dataset, indices), scale);
    await fakes.look(looks, indices);
    await photos.look(looks, indices);
  }
  return memorisation(fakes.nearest, photos.nearest);
}

/** The same by features of any network. `indices`: the photos' indices in the dataset. */
export async function nearestByFeatures(
  runtime: Runtime,
  fakes: Rows,
  photos: Rows,
  indices: ArrayLike<number>,
): Promise<Memorisation> {
  const ofFakes = new NearestSearch(runtime, fakes, fakes.count);
  const ofPhotos = new NearestSearch(runtime, photos, photos.count, indices);
  await ofFakes.look(photos, indices);
  await ofPhotos.look(photos, indices);
  return memorisation(ofFakes.nearest, ofPhotos.nearest);
}

export async function readPictures(dataset: PictureSource, indices: ArrayLike<number>): Promise<Pictures> {
  const pixels = new Uint8Array(indices.length * 3 * dataset.size ** 2);
  await dataset.read(indices, pixels);
  return pictures(pixels, dataset.size);
}

/** Features of the pictures, followed by those of their mirror images. */
function bothWays(all: Pictures, scale: LookScale): Rows {
  const [straight, turned] = [lookFeatures(all, scale), lookFeatures(mirrored(all), scale)];
  const values = new Float32Array(2 * straight.values.length);
  values.set(straight.values);
  values.set(turned.values, straight.values.length);
  return rows(values, straight.length);
}

class NearestSearch {
  readonly nearest: Nearest[];
  readonly #runtime: Runtime;
  readonly #queries: Rows;
  readonly #own: ArrayLike<number> | null;

  /**
   * @param queries `count` rows, or a multiple for several views of each picture
   * @param own the indices of the queries if they are photos: a photo is not compared with itself
   */
  constructor(runtime: Runtime, queries: Rows, count: number, own: ArrayLike<number> | null = null) {
    this.#runtime = runtime;
    this.#queries = queries;
    this.#own = own;
    this.nearest = Array.from({ length: count }, () => ({ photo: -1, distance: Number.POSITIVE_INFINITY }));
  }

  async look(photos: Rows, indices: ArrayLike<number>): Promise<void> {
    await eachSquaredDistances(this.#runtime, this.#queries, photos, (row, squared) => {
      const query = row % this.nearest.length;
      const nearest = this.nearest[query]!;
      for (let i = 0; i < photos.count; i++) {
        if (this.#own?.[query] === indices[i]) continue;
        // Of an exact copy this is not 0 but small, because of rounding. That does not matter.
        const distance = Math.sqrt(squared[i]!);
        if (distance < nearest.distance) Object.assign(nearest, { photo: indices[i], distance });
      }
    });
  }
}

function memorisation(nearest: Nearest[], photos: readonly Nearest[]): Memorisation {
  const sorted = (all: readonly Nearest[]) => all.map(({ distance }) => distance).sort((a, b) => a - b);
  const [ofFakes, ofPhotos] = [sorted(nearest), sorted(photos)];
  const closest = ofPhotos[Math.floor(ofPhotos.length / 100)]!;
  return {
    nearest,
    median: ofFakes[Math.floor(ofFakes.length / 2)]!,
    medianPhotos: ofPhotos[Math.floor(ofPhotos.length / 2)]!,
    nearCopies: ofFakes.filter((distance) => distance < closest).length / ofFakes.length,
  };
}
