/** @module The runs to compare, which must be of the same pictures: figures of others say nothing about each other. */

import { basename, resolve } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import { type Config, type LogLine, settingFlag } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { computeOf } from '../backend/compute.ts';
import { readLog } from '../run/log.ts';
import { findRun } from '../run/run-folder.ts';
import { runNumber } from '../run/run-name.ts';
import { type RunRecord, readRunRecord } from '../run/run-record.ts';

export interface Run {
  folder: string;
  /** Its number where that tells it from the others: `00007`. */
  name: string;
  record: RunRecord;
  log: LogLine[];
}

/**
 * Reads what is known of runs, given as to `--resume` or by number; one given twice counts once.
 *
 * @param out where the folders of runs named without a path are.
 * @throws {UserError} where one is no run, there are fewer than two, or they were trained on different pictures.
 */
export async function readRuns(given: readonly string[], out: string): Promise<Run[]> {
  const found = await Promise.all(given.map((run) => findRun(run, out)));
  const folders = [...new Map(found.map((folder) => [resolve(folder), folder])).values()];
  if (folders.length < 2)
    throw new UserError(
      `comparing takes two runs or more, and ${folders.length === 0 ? 'none was' : `only ${folders[0]} was`} given; name their folders, such as ${out}/0*`,
    );
  const names = folders.map(numberOf);
  const runs = await Promise.all(
    folders.map(async (folder, i) => ({
      folder,
      name: names.filter((name) => name === names[i]).length === 1 ? names[i]! : folder,
      record: resolved(await readRunRecord(folder)),
      log: await readLog(folder),
    })),
  );
  for (const run of runs) checkComparable(runs[0]!, run);
  return runs;
}

function numberOf(folder: string): string {
  const name = basename(resolve(folder));
  const number = runNumber(name);
  return number === null ? name : name.slice(0, name.indexOf('-'));
}

/** Runs of before there was a choice of backends say `auto`. */
const resolved = (record: RunRecord): RunRecord => ({
  ...record,
  config: { ...record.config, ...computeOf(record.config) },
});

function checkComparable(one: Run, other: Run): void {
  const same = ({ record }: Run) => `${record.config.size} ${record.dataset.fingerprint}`;
  if (same(one) === same(other)) return;
  throw new UserError(
    `runs of different pictures are not comparable: ${one.folder} was trained on ${picturesOf(one, other)}, ` +
      `and ${other.folder} on ${picturesOf(other, one)}. Compare runs of the same photos, --size, --photo-size and --crop`,
  );
}

/** What `run` was trained on, as far as it is told from `other`. */
function picturesOf(run: Run, other: Run): string {
  const { config, dataset } = run.record;
  const decoding: (keyof Config)[] = ['photoSize', 'crop', ...(config.data === null ? (['seed'] as const) : [])];
  const differing = decoding.filter((key) => config[key] !== other.record.config[key]);
  const pictures = `${describePictures(run)}${differing.map((key) => ` ${settingFlag(config, key)}`).join('')}`;
  return describePictures(run) === describePictures(other) && differing.length === 0
    ? `${pictures} (fingerprint ${dataset.fingerprint.slice(0, 8)})`
    : pictures;
}

/** For example `5,246 images of photos, 64x64`. */
export function describePictures({ record: { config, dataset } }: Run): string {
  return `${grouped(dataset.count)} images of ${dataset.name}, ${config.size}x${config.size}`;
}
