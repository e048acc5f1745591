/** @module Photos that are not trained on (`--hold-out`), so that they show whether D has learned its photos by heart. */
import { deriveSeed, type PictureSource, UserError } from '@latent-dogs/latent';
import type { Config } from '../settings/settings.ts';
import { DataOrder } from './data-order.ts';

interface Split {
  /** The photos to train on. */
  training: PictureSource;
  /** Null: none are held out. */
  heldOut: PictureSource | null;
}

/**
 * Splits photos at random. The split depends only on their number, `holdOut` and `seed`, so a resumed run has the same one. With
 * `holdOut` 0 all photos are trained on, in the order of runs without this setting.
 *
 * @throws UserError if there are too few photos to hold out one.
 */
export function splitPhotos(photos: PictureSource, { holdOut, seed }: Pick<Config, 'holdOut' | 'seed'>): Split {
  if (holdOut === 0) return { training: photos, heldOut: null };
  const { count } = photos;
  const held = Math.round(holdOut * count);
  if (held === 0 || held === count)
    throw new UserError(
      `--hold-out: ${holdOut} of ${count} photos leaves none ${held === 0 ? 'to hold out' : 'to train on'}; ` +
        'legal: 0, or more photos',
    );
  const shuffled = new DataOrder({ count, seed: deriveSeed(seed, 'held-out photos') }).next(count);
  return {
    training: subset(photos, shuffled.slice(held).sort()),
    heldOut: subset(photos, shuffled.slice(0, held).sort()),
  };
}

const subset = (photos: PictureSource, indices: Uint32Array): PictureSource => ({
  count: indices.length,
  size: photos.size,
  read: (chosen, out) =>
    photos.read(
      Uint32Array.from(chosen, (index) => indices[index]!),
      out,
    ),
});
