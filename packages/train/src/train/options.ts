/** @module The command line of `pnpm train`, resolved to a `Config`. */

import { checkRange, parseArguments, text, typedPath } from '@latent-dogs/command-line';
import {
  type Config,
  conflictIn,
  flagOf,
  mayChange,
  presetConfig,
  recordedNames,
  type SettingName,
  settingNames,
  settings,
} from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { Command, Option } from 'commander';
import { computeOf } from '../backend/compute.ts';
import { defaultRates, type Grid } from '../find-lr/grid.ts';
import { settingOptions, withCurrentNames } from './setting-options.ts';

export interface TrainOptions {
  config: Config;
  /** The options given on the command line, without the preset. */
  given: Partial<Config>;
  /** Folder that holds the run folders. */
  out: string;
  /** Print what would be done, and stop. */
  dryRun: boolean;
  /** The run to resume: `latest` or a run folder; null: a new run. */
  resume: string | null;
  /** Search for learning rates instead of training; null: train. */
  findLr: LearningRateSearch | null;
}

interface LearningRateSearch {
  grid: Grid;
  /** Images per pair; null: not given. */
  images: number | null;
}

const examples = `
Examples:
  $ pnpm train                               train on drawn dogs, in about three minutes
  $ pnpm train --data photos                 a folder of photos, searched recursively
  $ pnpm train --data photos.zip --preset paper --images 200k
  $ pnpm train --data photos --size 128 --lr-g 1e-4 --dry-run
  $ pnpm train --data photos --from models/dogs-64    start from a trained model
  $ pnpm train --data photos --find-lr       search for learning rates, in ten minutes
  $ pnpm train --resume latest               resume the newest run
  $ pnpm train --resume runs/00007-photos-64 --images 4M`;

/**
 * Parses the arguments after the command's name. Returns null after `--help`, which is printed on stdout.
 *
 * @throws {UserError} naming the option, the given value and the legal values.
 */
export function parseTrainOptions(argv: readonly string[]): TrainOptions | null {
  const program = commandLine();
  if (!parseArguments(program, argv)) return null;
  const {
    out = 'runs',
    dryRun = false,
    resume = null,
    findLr = false,
    findLrG,
    findLrD,
    ...given
  } = withCurrentNames(program.opts<Partial<Omit<TrainOptions, 'findLr'> & FindLrFlags & Config>>());
  if (given.data) given.data = typedPath(given.data);
  const config = { ...presetConfig(given.preset ?? 'dogs', given.data ?? null), ...given } as Config;
  const search = findLr ? learningRateSearch({ findLrG, findLrD, resume }, given) : null;
  if (search && given.from) throw new UserError('--from: --find-lr starts from random weights; leave it out');
  // `resumedConfig` and `transferredConfig` check the settings that they take over.
  if (resume === null && !given.from) checkTogether(config);
  if (!search && (findLrG || findLrD)) throw new UserError(`--find-lr-${findLrG ? 'g' : 'd'}: needs --find-lr`);
  return { config, given, out, dryRun, resume, findLr: search };
}

interface FindLrFlags {
  findLr: boolean;
  findLrG: number[];
  findLrD: number[];
}

function learningRateSearch(
  { findLrG, findLrD, resume }: Partial<FindLrFlags> & { resume: string | null },
  given: Partial<Config>,
): LearningRateSearch {
  for (const key of ['lrG', 'lrD'] as const)
    if (given[key] !== undefined)
      throw new UserError(
        `${flagOf(key)}: --find-lr tries several rates; give them with --find-lr-${key === 'lrG' ? 'g' : 'd'} 1e-4,1e-3`,
      );
  if (given.decayImages)
    throw new UserError('--decay-images: --find-lr tries constant rates; leave it out, and use it in training');
  const { images } = given;
  const fixed = recordedNames.find((name) => given[name] !== undefined);
  if (resume !== null && (findLrG || findLrD || fixed)) {
    const option = findLrG ? '--find-lr-g' : findLrD ? '--find-lr-d' : flagOf(fixed!);
    throw new UserError(`${option}: cannot change when a search is resumed; leave it out`);
  }
  return {
    grid: { ratesG: findLrG ?? defaultRates, ratesD: findLrD ?? defaultRates },
    images: images ?? null,
  };
}

/**
 * The settings to resume with: the run's own, plus those given that a resume may change.
 *
 * @throws {UserError} naming each option that a resume may not change.
 */
export function resumedConfig(saved: Config, given: Partial<Config>): Config {
  const refused = contradictions(given, saved, (name) => !mayChange(name), 'in the run');
  if (refused.length > 0) {
    throw new UserError(
      `--resume: the run's own settings apply; a resume can't change ${refused.join(', ')}. ` +
        `Leave ${refused.length > 1 ? 'them' : 'it'} out, or start a new run without --resume. ` +
        `Only ${settingNames().filter(mayChange).map(flagOf).join(', ')} may change`,
    );
  }
  // Runs older than --backend have `auto` and were computed on the CPU: they continue there by default.
  const config = { ...saved, ...computeOf(saved), ...given };
  checkTogether(config);
  return config;
}

function commandLine(): Command {
  const program = new Command('pnpm train')
    .usage('[options]')
    .description('Trains a DCGAN on photos, or on drawn dogs.')
    .addHelpText('after', examples);
  addSettings(program, 'What to train on');
  addSettings(program, 'Recipe');
  program
    .optionsGroup('Learning rates:')
    .option('--find-lr', 'try pairs of rates, --images each, instead of training')
    .addOption(rates('--find-lr-g <rates>', 'rates of G to try, comma-separated'))
    .addOption(rates('--find-lr-d <rates>', 'rates of D to try'))
    .optionsGroup('Run:')
    .addOption(text('--out <folder>', 'folder for run folders (default: runs)'))
    .addOption(
      text('--resume <run>', "resume a run: its folder, or 'latest', the highest number (renamed runs have none)"),
    );
  addSettings(program, 'Run');
  return program.option('--dry-run', 'print the settings and the plan, and stop');
}

/** Adds the options of a group of settings; former names are hidden. */
function addSettings(program: Command, group: string): void {
  program.optionsGroup(`${group}:`);
  for (const name of settingNames((setting) => setting.group === group))
    for (const option of settingOptions(name)) program.addOption(option);
}

/** The options given that differ from values that apply anyway: `--latent (100 in the run, 8 given)`. */
export function contradictions(
  given: Partial<Config>,
  fixed: Config,
  isFixed: (name: SettingName) => boolean,
  where: string,
): string[] {
  return (Object.keys(given) as SettingName[])
    .filter((name) => isFixed(name) && String(given[name]) !== String(fixed[name]))
    .map((name) => `${flagOf(name)} (${show(fixed[name])} ${where}, ${show(given[name])} given)`);
}

/** @throws {UserError} if two settings contradict each other. */
export function checkTogether(config: Config): void {
  const conflict = conflictIn(config);
  if (conflict) throw new UserError(`${flagOf(conflict.name)}: ${conflict.message}`);
}

function rates(flags: string, description: string): Option {
  const { legal } = settings.lrG;
  return new Option(flags, description).argParser((value) => {
    const numbers = value
      .split(',')
      .map((word) => checkRange(flags, word, word.trim() === '' ? Number.NaN : Number(word), legal));
    return [...new Set(numbers)].sort((a, b) => a - b);
  });
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value ?? 'none');
}
