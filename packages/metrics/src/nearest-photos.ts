/** @module The memorisation check: which training photo is each generated picture closest to, and is that closer than photos are to each other? */
import type { PictureSource } from '@latent-dogs/latent';
import { type LookScale, lookFeatures, lookScale } from './look-features.ts';
import { mirrored, type Pictures, pictures } from './pictures.ts';
import { eachSquaredDistances, type Rows, rows } from './row-products.ts';

export interface Nearest {
  /** Index of the photo in the dataset. */
  photo: number;
  /** In the unit of the features; with `nearestPhotos` 1 is how far two photos at random are apart. */
  distance: number;
}

export interface Memorisation {
  /** Of each generated picture. */
  nearest: Nearest[];
  /** Median over the generated pictures of the distance to the closest photo. */
  median: number;
  /** The same between photos and the other photos. */
  medianPhotos: number;
  /**
   * Share of generated pictures that are closer to a photo than all but 1 % of photos are to another: 0.01 and below is
   * what chance gives.
   */
  nearCopies: number;
}

/** Photos looked at at once. */
const BLOCK = 1_024;

/**
 * Holds generated pictures against all photos of a dataset, mirror images included, by their look (look-features.ts). `held`
 * are photos of the dataset by index, at least one, which are held against all others in the same way.
 */
export async function nearestPhotos(
  dataset: PictureSource,
  generated: Pictures,
  held: ArrayLike<number>,
): Promise<Memorisation> {
  const heldPictures = await readPictures(dataset, held);
  const scale = lookScale(lookFeatures(heldPictures));
  const fakes = new NearestSearch(bothWays(generated, scale), generated.count);
  const photos = new NearestSearch(bothWays(heldPictures, scale), heldPictures.count, held);
  for (let from = 0; from < dataset.count; from += BLOCK) {
    const indices = Array.from({ length: Math.min(BLOCK, dataset.count - from) }, (_, i) => from + i);
    const looks = lookFeatures(await readPictures(dataset, indices), scale);
    await fakes.look(looks, indices);
    await photos.look(looks, indices);
  }
  return memorisation(fakes.nearest, photos.nearest);
}

/** The same on features of any network, against the photos that the features are of. `indices`: their place in the dataset. */
export async function nearestByFeatures(fakes: Rows, photos: Rows, indices: ArrayLike<number>): Promise<Memorisation> {
  const ofFakes = new NearestSearch(fakes, fakes.count);
  const ofPhotos = new NearestSearch(photos, photos.count, indices);
  await ofFakes.look(photos, indices);
  await ofPhotos.look(photos, indices);
  return memorisation(ofFakes.nearest, ofPhotos.nearest);
}

export async function readPictures(dataset: PictureSource, indices: ArrayLike<number>): Promise<Pictures> {
  const pixels = new Uint8Array(indices.length * 3 * dataset.size ** 2);
  await dataset.read(indices, pixels);
  return pictures(pixels, dataset.size);
}

/** Looks of the pictures, then of their mirror images. */
function bothWays(all: Pictures, scale: LookScale): Rows {
  const [straight, turned] = [lookFeatures(all, scale), lookFeatures(mirrored(all), scale)];
  const values = new Float32Array(2 * straight.values.length);
  values.set(straight.values);
  values.set(turned.values, straight.values.length);
  return rows(values, straight.length);
}

class NearestSearch {
  readonly nearest: Nearest[];
  readonly #queries: Rows;
  readonly #own: ArrayLike<number> | null;

  /** `queries`: `count` rows, or several times as many for several views of each. `own`: a photo's own index, which is not looked at. */
  constructor(queries: Rows, count: number, own: ArrayLike<number> | null = null) {
    this.#queries = queries;
    this.#own = own;
    this.nearest = Array.from({ length: count }, () => ({ photo: -1, distance: Number.POSITIVE_INFINITY }));
  }

  async look(photos: Rows, indices: ArrayLike<number>): Promise<void> {
    await eachSquaredDistances(this.#queries, photos, (row, squared) => {
      const query = row % this.nearest.length;
      const nearest = this.nearest[query]!;
      for (let i = 0; i < photos.count; i++) {
        if (this.#own?.[query] === indices[i]) continue;
        // The square root of the float32 of a photo's copy is not quite 0, and needs not be.
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
