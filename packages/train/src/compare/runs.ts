/** @module The runs to compare. They must have the same photos and size; otherwise their metrics are not comparable. */

import { basename, resolve } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import type { RunRecord } from '@latent-dogs/dcgan';
import { type Config, type LogLine, quoted, settingFlag } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { computeOf } from '../backend/compute.ts';
import { readLog } from '../run/log.ts';
import { findRun } from '../run/run-folder.ts';
import { runNumber } from '../run/run-name.ts';
import { readRunRecord } from '../run/run-record.ts';

export interface Run {
  folder: string;
  /** Its number, `00007`, if unique among the runs; otherwise its folder. */
  name: string;
  record: RunRecord;
  log: LogLine[];
}

/**
 * Reads runs, given as for `--resume`. Duplicates are removed.
 *
 * @param out folder of runs that are given by name.
 * @throws {UserError} if one is not a run, there are fewer than two, or they were trained on different pictures.
 */
export async function readRuns(given: readonly string[], out: string): Promise<Run[]> {
  const found = await Promise.all(given.map((run) => findRun(run, out)));
  const folders = [...new Map(found.map((folder) => [resolve(folder), folder])).values()];
  if (folders.length < 2)
    throw new UserError(
      `comparing needs at least two runs; ${folders.length === 0 ? 'none was' : `only ${folders[0]} was`} given; name their folders, such as ${out}/0*`,
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
  checkComparable(runs);
  return runs;
}

function numberOf(folder: string): string {
  const name = basename(resolve(folder));
  const number = runNumber(name);
  return number === null ? name : name.slice(0, name.indexOf('-'));
}

/** Runs older than --backend have `auto`. */
const resolved = (record: RunRecord): RunRecord => ({
  ...record,
  config: { ...record.config, ...computeOf(record.config) },
});

function checkComparable(runs: readonly Run[]): void {
  const groups = [...Map.groupBy(runs, ({ record }) => `${record.config.size} ${record.dataset.fingerprint}`).values()];
  const [[one], [other] = []] = groups as [[Run], [Run]?];
  if (!other) return;
  const comparable = groups.filter((group) => group.length > 1);
  const commands = comparable.map((group) => `\n  pnpm compare ${group.map(({ folder }) => quoted(folder)).join(' ')}`);
  throw new UserError(
    `runs of different pictures are not comparable: ${one.folder} was trained on ${picturesOf(one, other)}, ` +
      `and ${other.folder} on ${picturesOf(other, one)}. ` +
      (commands.length > 0
        ? `These can be compared:${commands.join('')}`
        : 'Compare runs of the same photos, --size, --photo-size and --crop'),
  );
}

/** The pictures of `run`, with the details that differ from `other`. */
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
