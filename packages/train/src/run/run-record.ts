/** @module `config.json`: the settings, photos and versions of a run, enough to resume or export it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetRecord, parseRunRecord, type RunRecord } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

export async function writeRunRecord(runFolder: string, record: RunRecord): Promise<void> {
  await writeFileAtomically(join(runFolder, 'config.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** @throws {UserError} if the file is missing or not a run's record, naming the setting that is wrong. */
export async function readRunRecord(runFolder: string): Promise<RunRecord> {
  const file = join(runFolder, 'config.json');
  let json: unknown;
  try {
    // A decoder drops the byte order mark with which some editors begin a file.
    json = JSON.parse(new TextDecoder().decode(await readFile(file)));
  } catch (error) {
    throw new UserError(`${runFolder} is not a run folder: ${file}: ${(error as Error).message}`);
  }
  return parseRunRecord(json, file);
}

/**
 * Checks that a run is resumed with the same photos.
 *
 * @throws {UserError} naming both datasets.
 */
export function checkSameDataset(record: Pick<RunRecord, 'dataset'>, dataset: DatasetRecord): void {
  if (record.dataset.fingerprint === dataset.fingerprint) return;
  const { name, count } = record.dataset;
  throw new UserError(
    `--resume: the run was trained on ${count} images of '${name}'; the photos found now ` +
      `(${dataset.count} images of '${dataset.name}') are not the same. ` +
      'Restore the photos, give their new path with --data, or start a new run without --resume',
  );
}
