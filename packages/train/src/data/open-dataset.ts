/** @module The images that a config trains on. */
import type { Config } from '@latent-dogs/dcgan';
import { DecodeReporter, DRAWN_DOGS } from '../train/progress.ts';
import type { Dataset } from './dataset.ts';
import { openDrawnDogs } from './drawn-dogs/open.ts';
import { openPhotos } from './photos.ts';

/**
 * Opens the photos at `data`, or draws dogs if `data` is null. Prints progress while decoding.
 *
 * @throws UserError if `data` is neither a folder nor a zip, or holds no usable photo
 */
export async function openDataset({
  data,
  size,
  photoSize,
  crop,
  seed,
}: Pick<Config, 'data' | 'size' | 'photoSize' | 'crop' | 'seed'>): Promise<Dataset> {
  const reporter = new DecodeReporter(data === null ? DRAWN_DOGS : undefined);
  try {
    if (data === null) return await openDrawnDogs({ size, seed, onProgress: reporter.update });
    return await openPhotos({ path: data, size, photoSize, crop, onProgress: reporter.update });
  } finally {
    reporter.stop();
  }
}
