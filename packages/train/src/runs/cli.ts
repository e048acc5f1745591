/** @module `pnpm runs`. */
import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { alignedTable, bytesText, grouped, parseArguments, runCommand, short, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command } from 'commander';
import { CACHE_LIMIT } from '../data/cache-folder.ts';
import { bestCheckpoint } from '../run/best-checkpoint.ts';
import { checkpointFolder, pruneCheckpoints } from '../run/checkpoint.ts';
import { findRun } from '../run/run-folder.ts';
import { isTraining } from '../run/run-lock.ts';
import { cacheSummary, clearCache } from './cache.ts';
import { type RunSummary, summariesOf, summaryOf } from './summary.ts';

const examples = `
Examples:
  $ pnpm runs                            list the runs
  $ pnpm runs prune                      keep only the best and the newest checkpoint of every run
  $ pnpm runs prune 00007-photos-64      … of one run
  $ pnpm runs delete 00003-drawn-dogs-64 00004-photos-64
  $ pnpm runs cache                      where decoded photos are kept, and how much
  $ pnpm runs cache clear                delete them; the next run decodes again`;

const ACTIONS = ['list', 'prune', 'delete', 'cache'] as const;

export interface RunsOptions {
  action: (typeof ACTIONS)[number];
  /** Runs, or `clear`. */
  names: string[];
  out: string;
}

/** Parses the arguments after the command's name; null after `--help`. @throws UserError */
export function parseRunsOptions(argv: readonly string[]): RunsOptions | null {
  const program = new Command('pnpm runs')
    .usage('[list | prune [RUN …] | delete RUN … | cache [clear]] [options]')
    .description('Lists, prunes and deletes runs, and clears caches.')
    .argument('[words...]', 'what to do, and with which runs')
    .addOption(text('--out <folder>', 'folder of runs').default('runs'))
    .addHelpText('after', examples);
  if (!parseArguments(program, argv)) return null;
  const [action = 'list', ...names] = program.args;
  const known = ACTIONS.find((word) => word === action);
  if (!known) throw new UserError(`'${action}' is not one of ${ACTIONS.join(', ')}`);
  if (known === 'list' && names.length > 0) throw new UserError(`list: takes no run; '${names[0]}' given`);
  if (known === 'delete' && names.length === 0) throw new UserError('delete: name the runs to delete');
  if (known === 'cache' && (names.length > 1 || (names[0] ?? 'clear') !== 'clear'))
    throw new UserError(`cache: takes clear or nothing; '${names.join(' ')}' given`);
  return { action: known, names, ...program.opts<{ out: string }>() };
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseRunsOptions(argv);
  if (!options) return 0;
  if (options.action === 'cache') await cache(options.names[0] === 'clear');
  else if (options.action === 'list') console.log(listing(await summariesOf(options.out), options.out));
  else if (options.action === 'prune') await prune(options);
  else await deleteRuns(options);
  return 0;
}

export function listing(runs: readonly RunSummary[], out: string): string {
  if (runs.length === 0) return `There is no run in '${out}' yet; start one with pnpm train.`;
  const rows = runs.map(({ name, state, dataset, photos, size, imagesSeen, images, best, bytes }) => [
    name,
    state === 'damaged' ? '' : dataset,
    grouped(photos),
    String(size),
    `${grouped(imagesSeen)}/${grouped(images)}`,
    best ? `${short(best.distance)} at ${grouped(best.imagesSeen)}` : '–',
    state,
    bytesText(bytes),
  ]);
  const header = ['run', 'data', 'photos', 'size', 'images', 'best', 'state', 'disk'];
  const total = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  const table = alignedTable([header, ...rows], (column) => [0, 1, 6].includes(column));
  return `${table}\n\n${grouped(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}, ${bytesText(total)}. 'best' is the distance to the photos (docs/evaluate.md): lower is better.`;
}

async function prune({ names, out }: RunsOptions): Promise<void> {
  const folders = names.length > 0 ? await idle(names, out) : (await summariesOf(out)).map(({ folder }) => folder);
  for (const folder of folders) {
    if (await isTraining(folder)) {
      console.log(`${relative('.', folder)}: is being trained, left as it is`);
      continue;
    }
    const before = await summaryOf(folder);
    const best = await bestCheckpoint(folder);
    await pruneCheckpoints(folder, { keep: 1, best: best && (await checkpointFolder(folder, best.imagesSeen)) });
    const after = await summaryOf(folder);
    const dropped = before.checkpoints.length - after.checkpoints.length;
    console.log(
      `${relative('.', folder)}: ${dropped} ${dropped === 1 ? 'checkpoint' : 'checkpoints'} deleted, ${bytesText(before.bytes - after.bytes)} freed`,
    );
  }
}

async function deleteRuns({ names, out }: RunsOptions): Promise<void> {
  for (const folder of await idle(names, out)) {
    const { bytes } = await summaryOf(folder);
    await rm(folder, { recursive: true });
    console.log(`${relative('.', folder)}: deleted, ${bytesText(bytes)} freed`);
  }
}

/** The folders of the runs. @throws UserError if one does not exist, or is being trained: then nothing is done to any. */
async function idle(names: readonly string[], out: string): Promise<string[]> {
  const folders = [...new Set(await Promise.all(names.map((name) => findRun(name, out))))];
  for (const folder of folders)
    if (await isTraining(folder)) throw new UserError(`${folder} is being trained; stop that first, with Ctrl-C`);
  return folders;
}

async function cache(clear: boolean): Promise<void> {
  const { folder, sets, bytes } = clear ? await clearCache() : await cacheSummary();
  console.log(`${folder}: ${bytesText(bytes)}${clear ? ' deleted' : ''}`);
  for (const set of clear ? [] : sets)
    console.log(`  a set of decoded images, ${bytesText(set.bytes)}, last used ${set.used.toISOString().slice(0, 10)}`);
  if (!clear)
    console.log(
      `Sets beyond ${bytesText(CACHE_LIMIT)} in all are deleted when a new one is made, those not used for longest first. ` +
        'All may be deleted at any time: pnpm runs cache clear',
    );
}

if (import.meta.main) runCommand(main);
