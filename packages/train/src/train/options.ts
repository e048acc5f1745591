/** @module The command line of `pnpm train`, resolved to a `Config`. */

import { checkRange, choice, count, number, parseArguments, text } from '@latent-dogs/command-line';
import { type Config, choices, presetConfig, type Range, ranges } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { Command, Option } from 'commander';
import { computeOf } from '../backend/compute.ts';
import { defaultRates, type Grid } from '../find-lr/grid.ts';

export interface TrainOptions {
  config: Config;
  /** What the command line itself said, without the preset. */
  given: Partial<Config>;
  /** Folder that holds the run folders. */
  out: string;
  /** Say what would be done, and do nothing. */
  dryRun: boolean;
  /** The run to go on with: `latest`, or a run folder; null starts a new one. */
  resume: string | null;
  /** Look for learning rates instead of training. */
  findLr: LearningRateSearch | null;
}

export interface LearningRateSearch {
  grid: Grid;
  /** Images a pair; null where the command line leaves them open. */
  images: number | null;
}

const examples = `
Examples:
  $ pnpm train                               dogs it draws itself, done in three minutes
  $ pnpm train --data photos                 a folder of photos, sub-folders included
  $ pnpm train --data photos.zip --preset paper --images 200k
  $ pnpm train --data photos --size 128 --lr-g 1e-4 --dry-run
  $ pnpm train --data photos --find-lr       which learning rates work, in ten minutes
  $ pnpm train --resume latest               go on where the newest run was cut off
  $ pnpm train --resume runs/00007-photos-64 --images 4M`;

/**
 * Parses the arguments after the command's name. Returns null when they asked for help, which is then printed on stdout.
 *
 * @throws {UserError} naming the option, the value given and what is legal.
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
  } = program.opts<Partial<Omit<TrainOptions, 'findLr'> & FindLrFlags & Config>>();
  const config = { ...presetConfig(given.preset ?? 'dogs', given.data ?? null), ...given } as Config;
  const search = findLr ? learningRateSearch({ findLrG, findLrD, resume }, given) : null;
  // A run to go on with has settings of its own; `resumedConfig` checks those.
  if (resume === null) checkTogether(config);
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
        `${flagOf(key)}: --find-lr tries several; give them with --find-lr-${key === 'lrG' ? 'g' : 'd'} 1e-4,1e-3`,
      );
  if (given.decayImages)
    throw new UserError(
      '--decay-images: --find-lr tries rates that stay as they are; leave it out, and give it to the training',
    );
  const { images, augment: policies } = given;
  if (resume !== null && (findLrG || findLrD || images !== undefined || policies)) {
    const option = findLrG ? '--find-lr-g' : findLrD ? '--find-lr-d' : policies ? '--augment' : '--images';
    throw new UserError(`${option}: --resume goes on with the search as it was begun; leave it out`);
  }
  return {
    grid: { ratesG: findLrG ?? defaultRates, ratesD: findLrD ?? defaultRates },
    images: images ?? null,
  };
}

/**
 * The settings to resume with: those saved with the run, but for what may change on the way.
 *
 * @throws {UserError} naming each option that would make it another run.
 */
export function resumedConfig(saved: Config, given: Partial<Config>): Config {
  const keys = Object.keys(given) as (keyof Config)[];
  const refused = keys.filter((key) => !changeable.has(key) && String(given[key]) !== String(saved[key]));
  if (refused.length > 0) {
    const list = refused.map((key) => `${flagOf(key)} (${show(saved[key])} in the run, ${show(given[key])} given)`);
    throw new UserError(
      `--resume goes on with the run's own settings; it can't change ${list.join(', ')}. ` +
        `Leave ${refused.length > 1 ? 'them' : 'it'} out, or start a new run without --resume. ` +
        `Only ${[...changeable].map(flagOf).join(', ')} may change`,
    );
  }
  if (given.images !== undefined && given.images < saved.images) {
    throw new UserError(
      `--images: the run is set to see ${saved.images} images and ${given.images} are fewer; ` +
        'with --resume it can only be raised',
    );
  }
  // Runs of before there was a choice say `auto` and were computed on the CPU: left alone, they go on there.
  const config = { ...saved, ...computeOf(saved), ...given };
  checkTogether(config);
  return config;
}

/** What may be otherwise from now on (`run/stages.ts` keeps what was); `data` because photos may move: the run checks that they are the same ones. */
const changeable = new Set<keyof Config>([
  'data',
  'images',
  'decayImages',
  'augment',
  'backend',
  'device',
  'tick',
  'sheet',
  'checkpoint',
  'evaluate',
  'guard',
]);

/** `lrG` -> `--lr-g`. */
export function flagOf(key: keyof Config): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function commandLine(): Command {
  return new Command('pnpm train')
    .usage('[options]')
    .description('Trains a DCGAN on photos, or on dogs it draws itself.')
    .addHelpText('after', examples)
    .optionsGroup('What to train on:')
    .addOption(text('--data <path>', 'folder (searched through) or .zip of photos; left out: drawn dogs'))
    .addOption(choice('--size <pixels>', choices.size, 'height and width of the images'))
    .addOption(number('--photo-size <pixels>', ranges.photoSize, 'shrink the photos to this size first'))
    .addOption(choice('--crop <how>', choices.crop, 'which square of a photo to keep'))
    .option('--flip', 'mirror images at random')
    .option('--no-flip', 'never mirror')
    .optionsGroup('Recipe:')
    .addOption(choice('--preset <name>', choices.preset, 'sets every option not given here'))
    .addOption(count('--images <n>', ranges.images, 'how many images to see: 200000, 200k, 2M'))
    .addOption(number('--batch <n>', ranges.batch, 'images per step'))
    .addOption(number('--channels <n>', ranges.channels, 'base channels of G and D'))
    .addOption(number('--latent <n>', ranges.latent, 'length of z'))
    .addOption(number('--lr-g <rate>', ranges.lrG, 'learning rate of G'))
    .addOption(number('--lr-d <rate>', ranges.lrD, 'learning rate of D'))
    .addOption(count('--decay-images <n>', ranges.decayImages, 'both rates fall to 0 over the last n images, 0: never'))
    .addOption(number('--beta1 <b>', ranges.beta1, "Adam's first moment decay"))
    .addOption(number('--beta2 <b>', ranges.beta2, "Adam's second moment decay"))
    .addOption(choice('--loss <name>', choices.loss, 'loss of G and D'))
    .addOption(choice('--norm-d <name>', choices.normD, 'normalisation layers of D'))
    .option('--spectral', 'spectral normalisation of D')
    .option('--no-spectral', 'none')
    .addOption(number('--r1 <gamma>', ranges.r1, 'R1 gradient penalty on D, 0: off'))
    .addOption(number('--r1-every <steps>', ranges.r1Every, 'steps between R1 penalties'))
    .addOption(count('--ema-images <n>', ranges.emaImages, "half-life of the average of G's weights, 0: off"))
    .addOption(augment())
    .addOption(choice('--upsample <how>', choices.upsample, 'how G doubles height and width'))
    .addOption(choice('--attention <pixels>', choices.attention, 'self-attention at this height in G and D, 0: none'))
    .addOption(number('--seed <n>', ranges.seed, 'same seed, same run'))
    .optionsGroup('Learning rates:')
    .option('--find-lr', 'try pairs of them, --images each, instead of training')
    .addOption(rates('--find-lr-g <rates>', ranges.lrG, 'of G to try, comma-separated'))
    .addOption(rates('--find-lr-d <rates>', ranges.lrD, 'of D to try'))
    .optionsGroup('Run:')
    .addOption(text('--out <folder>', 'where run folders go (default: runs)'))
    .addOption(text('--resume <run>', "'latest' or a run folder: go on with it"))
    .addOption(choice('--backend <name>', choices.backend, 'library that computes; auto: the fastest that works'))
    .addOption(choice('--device <name>', choices.device, 'what it computes on'))
    .addOption(choice('--precision <name>', choices.precision, 'of products; mixed: float16, on a GPU'))
    .addOption(count('--tick <images>', ranges.tick, 'images per log line'))
    .addOption(count('--sheet <images>', ranges.sheet, 'images per sheet of samples'))
    .addOption(count('--checkpoint <images>', ranges.checkpoint, 'images per checkpoint'))
    .addOption(count('--evaluate <images>', ranges.evaluate, 'images per small evaluation (SWD, MS-SSIM), 0: off'))
    .option('--guard', 'roll back when training diverges or collapses')
    .option('--no-guard', 'let it')
    .option('--dry-run', 'print the settings and what would be done, and stop');
}

function checkTogether({ images, batch, decayImages, photoSize, size }: Config): void {
  if (images < batch) {
    throw new UserError(`--images: ${images} is less than one batch; give at least ${batch}, or a smaller --batch`);
  }
  if (decayImages > images) {
    throw new UserError(`--decay-images: ${decayImages} are more than --images; give 0 to ${images}`);
  }
  if (photoSize !== null && photoSize < size) {
    throw new UserError(`--photo-size: ${photoSize} is below --size; give ${size} to ${ranges.photoSize.max}`);
  }
}

function rates(flags: string, range: Range, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    const numbers = value
      .split(',')
      .map((word) => checkRange(flags, word, word.trim() === '' ? Number.NaN : Number(word), range));
    return [...new Set(numbers)].sort((a, b) => a - b);
  });
}

function augment(): Option {
  const flags = '--augment <list>';
  const legal = choices.augment.join(', ');
  return new Option(flags, `augmentations of what D sees, comma-separated: ${legal}; or none`).argParser((value) => {
    if (value === 'none') return [];
    const words = value.split(',').map((word) => word.trim());
    const unknown = words.find((word) => !(choices.augment as readonly string[]).includes(word));
    if (unknown !== undefined) throw new UserError(`--augment: '${unknown}' is not one of ${legal}, or none`);
    // In one order, each once: two ways of writing the same list are one setting.
    return choices.augment.filter((policy) => words.includes(policy));
  });
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value ?? 'none');
}
