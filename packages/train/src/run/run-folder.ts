/** @module Creates the numbered folder of a new run, and finds the folder of an existing one. */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Checkpoint, Config, DatasetRecord, SourceRecord } from '@latent-dogs/dcgan';
import { makeFolder, syncFolder, systemErrorText } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import { versions } from '../backend/versions.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { runName, runNumber } from './run-name.ts';
import { writeRunRecord } from './run-record.ts';

/** Trained networks that a run starts from. */
export interface Start {
  from: SourceRecord;
  /** Every tensor of the run. */
  tensors: Checkpoint['tensors'];
}

interface NewRun {
  out: string;
  config: Config;
  dataset: DatasetRecord;
  /** Null: the run starts from random weights. */
  start?: Start | null;
}

/**
 * Creates `<out>/<number>-<dataset>-<size>-<differences>` with its `config.json`, and returns its path. The number is one above
 * the highest existing one. Parallel processes get different numbers. The networks of `start` become its first checkpoint, so it
 * never needs them again.
 *
 * @throws {UserError} if `out` is not writable.
 */
export async function createRun(run: NewRun): Promise<string> {
  const { out } = run;
  try {
    await makeFolder(out);
    return await createNumbered(run);
  } catch (error) {
    const reason = systemErrorText(error);
    if (reason === null) throw error;
    throw new UserError(`--out: can't create a run folder in '${out}' (${reason}); give a writable folder`);
  }
}

/**
 * The path of a run folder.
 *
 * @param run `latest` for the highest number in `out`, a path, or a name in `out`.
 * @throws {UserError} if there is no such run, naming existing ones.
 */
export async function findRun(run: string, out: string): Promise<string> {
  if (run === 'latest') {
    for (const name of (await runNames(out)).reverse()) {
      if (await isRun(join(out, name))) return join(out, name);
    }
    const [other] = await otherRuns(out);
    if (other !== undefined)
      throw new UserError(
        `no run in '${out}' has a number, by which 'latest' finds the newest; give the folder of one, such as ${join(out, other)}`,
      );
    throw new UserError(
      `there is no run in '${out}' yet; start one with pnpm train, or name the folder of runs with --out`,
    );
  }
  for (const folder of [run, join(out, run)]) if (await isRun(folder)) return folder;
  const known = (await runNames(out)).slice(-3).reverse();
  throw new UserError(
    `'${run}' is not a run folder (it has no config.json); give latest or a run folder` +
      (known.length > 0 ? `, such as ${known.map((name) => join(out, name)).join(', ')}` : ''),
  );
}

/** Names of runs in `out` that were renamed, so that they have no number. */
async function otherRuns(out: string): Promise<string[]> {
  const names: string[] = [];
  const numbered = new Set(await runNames(out));
  for (const name of await readdir(out).catch(() => [] as string[]))
    if (!numbered.has(name) && !name.startsWith('.') && (await isRun(join(out, name)))) names.push(name);
  return names.sort();
}

/** The photos that a run brings along, `<run>/photos`, such as one that was trained in a browser; null if it has none. */
export async function ownPhotos(runFolder: string): Promise<string | null> {
  const folder = join(runFolder, 'photos');
  return (await stat(folder).catch(() => null))?.isDirectory() ? folder : null;
}

async function createNumbered(run: NewRun): Promise<string> {
  const { out } = run;
  for (;;) {
    const number = 1 + Math.max(-1, ...(await numbersTaken(out)));
    // The folder is created under its bare number, which only one process can do, then filled and renamed.
    const unnamed = join(out, `.${String(number).padStart(5, '0')}`);
    try {
      await mkdir(unnamed);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      continue;
    }
    // Another process may have renamed its folder between the listing and the mkdir.
    const taken = (await runNames(out)).some((name) => runNumber(name) === number);
    if (taken) {
      await rm(unnamed, { recursive: true });
      continue;
    }
    try {
      return await fill(unnamed, run, number);
    } catch (error) {
      await rm(unnamed, { recursive: true, force: true });
      throw error;
    }
  }
}

/** Writes the record and the start of a run into `unnamed`, and renames it. */
async function fill(unnamed: string, { out, config, dataset, start = null }: NewRun, number: number): Promise<string> {
  await writeRunRecord(unnamed, {
    format: 1,
    created: new Date().toISOString(),
    config,
    dataset,
    ...(start ? { from: start.from } : {}),
    versions: versions(),
  });
  if (start) await writeCheckpoint(unnamed, { imagesSeen: 0, healthy: true, tensors: start.tensors, state: {} });
  const folder = join(out, runName(number, config, dataset.name));
  await rename(unnamed, folder);
  await syncFolder(out);
  return folder;
}

async function numbersTaken(out: string): Promise<number[]> {
  const names = await readdir(out);
  return names.map((name) => runNumber(name) ?? Number(name.match(/^\.(\d{5,9})$/)?.[1] ?? -1));
}

/** Names of run folders in `out`, lowest number first; none if `out` doesn't exist. */
export async function runNames(out: string): Promise<string[]> {
  const names = await readdir(out).catch(() => []);
  const numbered = names.filter((name) => runNumber(name) !== null);
  return numbered.sort((a, b) => runNumber(a)! - runNumber(b)!).map((name) => basename(name));
}

async function isRun(folder: string): Promise<boolean> {
  return (await stat(join(folder, 'config.json')).catch(() => null))?.isFile() ?? false;
}
