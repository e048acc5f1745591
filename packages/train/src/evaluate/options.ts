/** @module The command line of `pnpm evaluate`. */

import { checkRange, count, number, parseArguments, text, typedPath } from '@latent-dogs/command-line';
import { flagOf } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { Command, Option } from 'commander';
import type { NetworkOptions } from './network-features.ts';

export interface EvaluateOptions {
  /** Null: evaluate a model. */
  run: string | null;
  model: string | null;
  /** Null: the path used in training. */
  data: string | null;
  count: number;
  checkpoint: 'all' | 'best' | 'latest' | number;
  features: NetworkOptions | null;
  /** File of the sheet of nearest photos; null: `neighbours.png`, in the run folder if a run is evaluated. */
  sheet: string | null;
  /** Write the metrics to model.json. */
  write: boolean;
}

const examples = `
Examples:
  $ pnpm evaluate                              all checkpoints of the newest run
  $ pnpm evaluate --run runs/00007-photos-64 --checkpoint best --count 5000
  $ pnpm evaluate --model models/dogs-64 --data photos --write
  $ pnpm evaluate --features inception.onnx --features-output pool3`;

const ranges = {
  count: { min: 8, max: 50_000, whole: true },
  featuresSize: { min: 8, max: 2_048, whole: true },
};

type Given = Partial<{
  run: string;
  model: string;
  data: string;
  count: number;
  checkpoint: EvaluateOptions['checkpoint'];
  features: string;
  featuresSize: number;
  featuresMean: number[];
  featuresStd: number[];
  featuresOutput: string;
  sheet: string;
  write: boolean;
}>;

/** Parses the arguments after the command's name; null after `--help`. @throws UserError naming the option. */
export function parseEvaluateOptions(argv: readonly string[]): EvaluateOptions | null {
  const program = evaluateCommand();
  if (!parseArguments(program, argv)) return null;
  const given = program.opts<Given>();
  checkTogether(given);
  const { model = null, data = null, sheet = null, write = false } = given;
  return {
    run: model === null ? (given.run ?? 'latest') : null,
    model,
    data: data === null ? null : typedPath(data),
    count: given.count ?? 2_000,
    checkpoint: given.checkpoint ?? 'all',
    features: given.features === undefined ? null : networkOptions(given.features, given),
    sheet,
    write,
  };
}

function networkOptions(file: string, given: Given): NetworkOptions {
  return {
    file,
    size: given.featuresSize ?? null,
    mean: given.featuresMean ?? [0.5, 0.5, 0.5],
    deviation: given.featuresStd ?? [0.5, 0.5, 0.5],
    output: given.featuresOutput ?? null,
  };
}

function evaluateCommand(): Command {
  return new Command('pnpm evaluate')
    .usage('[options]')
    .description('Measures how close generated pictures are to photos, how varied, and whether any is a copy.')
    .addHelpText('after', examples)
    .optionsGroup('What to measure:')
    .addOption(text('--run <run>', "'latest' (the default) or a run folder: its checkpoints"))
    .addOption(checkpoint())
    .addOption(text('--model <folder>', 'an exported model instead of a run'))
    .addOption(text('--data <path>', 'the photos, if they moved since training'))
    .addOption(count('--count <n>', ranges.count, 'number of pictures and of photos (default: 2000)'))
    .optionsGroup('Features of your own network:')
    .addOption(text('--features <net.onnx>', 'add FID, KID, precision and recall of its features'))
    .addOption(text('--features-output <name>', 'its output, if it has several'))
    .addOption(number('--features-size <pixels>', ranges.featuresSize, 'its input size, if not fixed'))
    .addOption(channels('--features-mean <r,g,b>', -10, 'subtracted from values of 0 to 1 (default: 0.5)'))
    .addOption(channels('--features-std <r,g,b>', 1e-6, 'divisor after that (default: 0.5)'))
    .optionsGroup('Results:')
    .addOption(text('--sheet <file.png>', 'file for pictures beside their nearest photos'))
    .option('--write', "write the metrics to the model's model.json");
}

function checkpoint(): Option {
  return new Option('--checkpoint <which>', "'all' (the default), 'best', 'latest', or images seen").argParser(
    (value) => {
      if (value === 'all' || value === 'best' || value === 'latest') return value;
      if (/^\d+$/.test(value)) return Number(value);
      throw new UserError(`--checkpoint: '${value}' is not all, best, latest or a number of images`);
    },
  );
}

/** One number for all three channels, or one per channel. */
function channels(flags: string, min: number, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    const numbers = value.split(',').map((word) => {
      const number = word.trim() === '' ? Number.NaN : Number(word);
      return checkRange(flags, word, number, { min, max: 10, whole: false });
    });
    if (numbers.length === 1) return [numbers[0]!, numbers[0]!, numbers[0]!];
    if (numbers.length === 3) return numbers;
    throw new UserError(`${flags.split(' ')[0]}: '${value}' is not one number or three comma-separated ones`);
  });
}

function checkTogether(given: Given): void {
  const refuse = (option: string, reason: string) => {
    throw new UserError(`${option}: ${reason}`);
  };
  if (given.run !== undefined && given.model !== undefined)
    refuse('--model', 'cannot be combined with --run; give one of them');
  if (given.checkpoint !== undefined && given.model !== undefined)
    refuse('--checkpoint', 'a model has no checkpoints; leave it out or give --run');
  if (given.write && given.model === undefined)
    refuse('--write', "needs --model; a run's metrics are always written to its folder");
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith('features') && key !== 'features' && value !== undefined && given.features === undefined)
      refuse(flagOf(key), 'needs --features');
  }
}
