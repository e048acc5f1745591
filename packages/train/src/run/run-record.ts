/** @module `config.json`: the settings, photos and versions of a run, enough to resume or export it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, configSchema, type RecordedSettings, recordedSchema } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import * as v from 'valibot';

export interface DatasetRecord {
  name: string;
  count: number;
  fingerprint: string;
}

/** The trained networks that a run started from. */
export interface SourceRecord {
  /** Name of the model or of the run folder. */
  name: string;
  /** SHA-256 of the file that held their weights, lowercase hexadecimal. */
  sha256: string;
  /** Images that they had seen. */
  imagesSeen: number;
}

/** A resume that changed settings; `before` holds the values up to that point. */
interface Change {
  imagesSeen: number;
  before: RecordedSettings;
}

export interface RunRecord {
  format: 1;
  /** When the run was created, ISO 8601. */
  created: string;
  config: Config;
  /** Resumes that changed settings, oldest first; `config` holds the current values. */
  changes?: Change[];
  dataset: DatasetRecord;
  /** Absent if the run started from random weights. */
  from?: SourceRecord;
  /** Versions of Node and of the packages that training depends on. */
  versions: Record<string, string>;
}

const recordSchema: v.GenericSchema<unknown, RunRecord> = v.object({
  format: v.literal(1),
  created: v.pipe(v.string(), v.isoTimestamp()),
  config: configSchema,
  changes: v.exactOptional(
    v.array(v.object({ imagesSeen: v.pipe(v.number(), v.integer(), v.minValue(1)), before: recordedSchema })),
  ),
  dataset: v.object({
    name: v.string(),
    count: v.pipe(v.number(), v.integer(), v.minValue(1)),
    fingerprint: v.string(),
  }),
  from: v.exactOptional(
    v.object({ name: v.string(), sha256: v.string(), imagesSeen: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  ),
  versions: v.record(v.string(), v.string()),
});

export async function writeRunRecord(runFolder: string, record: RunRecord): Promise<void> {
  await writeFileAtomically(join(runFolder, 'config.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** @throws {UserError} if the file is missing or not a run's record, naming the setting that is wrong. */
export async function readRunRecord(runFolder: string): Promise<RunRecord> {
  const file = join(runFolder, 'config.json');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${runFolder} is not a run folder: ${file}: ${(error as Error).message}`);
  }
  const result = v.safeParse(recordSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new UserError(`${file}: ${v.getDotPath(issue) ?? 'file'}: ${issue.message}`);
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
