/**
 * @module The best checkpoint of a run: among those that the evaluation during training measured, the closest to the photos.
 *
 * It follows from `log.jsonl` and the checkpoints that exist, so a run of an earlier version has one, too. The text file `best`
 * is for other programs; it contains the path of the best checkpoint within the run folder, as `latest` does for the newest.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Checkpoint, LogLine } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import { distanceToPhotos } from '@latent-dogs/metrics';
import { checkpointFolders, imagesAt, readCheckpoint } from './checkpoint.ts';
import { readLog } from './log.ts';

/** The distance to the photos (`distanceToPhotos`) of each evaluation in a log. */
export class Distances {
  readonly #byImages = new Map<number, number>();

  add({ imagesSeen, metrics = {} }: LogLine): void {
    const distance = distanceToPhotos(metrics);
    if (Number.isFinite(distance)) this.#byImages.set(imagesSeen, distance);
  }

  /** The folders whose checkpoints were evaluated, best first. Of equal ones, the earlier is first if `folders` are sorted. */
  ranked(folders: readonly string[]): string[] {
    const distance = (folder: string) => this.#byImages.get(imagesAt(folder));
    const evaluated = folders.filter((folder) => distance(folder) !== undefined);
    return evaluated.sort((a, b) => distance(a)! - distance(b)!);
  }
}

/**
 * Writes the file `best`, or removes it if no checkpoint was evaluated.
 *
 * @param upTo ignore checkpoints of more images, which are about to be dropped.
 * @returns the folder of the best checkpoint; null if none was evaluated.
 */
export async function nameBest(
  runFolder: string,
  distances: Distances,
  upTo = Number.POSITIVE_INFINITY,
): Promise<string | null> {
  const folders = (await checkpointFolders(runFolder)).filter((folder) => imagesAt(folder) <= upTo);
  const [best] = distances.ranked(folders);
  const file = join(runFolder, 'best');
  if (best === undefined) await rm(file, { force: true });
  else await writeFileAtomically(file, `checkpoints/${basename(best)}\n`);
  return best ?? null;
}

/**
 * The best intact checkpoint. null if none was evaluated; `onDamaged` is called for each damaged one that was better.
 */
export async function bestCheckpoint(
  runFolder: string,
  onDamaged?: (folder: string, reason: string) => void,
): Promise<Checkpoint | null> {
  const distances = new Distances();
  for (const line of await readLog(runFolder)) distances.add(line);
  for (const folder of distances.ranked(await checkpointFolders(runFolder))) {
    try {
      return await readCheckpoint(folder);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onDamaged?.(folder, error.message);
    }
  }
  return null;
}

/** The error for a run whose best checkpoint is asked for, but not known. It lists the existing checkpoints. */
export async function noBestCheckpoint(runFolder: string): Promise<UserError> {
  const existing = (await checkpointFolders(runFolder)).map(imagesAt).join(', ');
  return new UserError(
    `--checkpoint: the best of ${runFolder} is unknown, because no intact checkpoint was evaluated during training; ` +
      `give latest or a number of images; there are ${existing || 'none'}`,
  );
}
