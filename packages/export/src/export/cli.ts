/** @module `pnpm export`. */
import { relative } from 'node:path';
import { choice, grouped, megabytes, parseArguments, parseCount, runCommand, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command, Option } from 'commander';
import type { ExportOptions } from './export-model.ts';

const examples = `
Examples:
  $ pnpm export                                    the newest run, at its best checkpoint
  $ pnpm export --precision fp16                   half the size
  $ pnpm export --run runs/00007-photos-64 --out models/dogs-64
  $ pnpm export --checkpoint 400000 --out models/early
  $ pnpm export --checkpoint 160k+340k             the mean of two generators, which can be better than either
  $ pnpm export --names 'light coat … dark coat,,red … golden'    names for the gallery's dials 1 and 3`;

/** Parses the arguments after the command's name; null if they asked for help. @throws UserError naming the option. */
export function parseExportOptions(argv: readonly string[]): ExportOptions | null {
  const program = new Command('pnpm export')
    .usage('[options]')
    .description(
      'Writes a trained generator as an ONNX model, after comparing its pictures with those of the trained network.',
    )
    .addHelpText('after', examples)
    .addOption(text('--run <run>', "'latest' or a run folder").default('latest'))
    .addOption(text('--out <folder>', 'model folder to write (default: models/<dataset>-<size>)'))
    .addOption(choice('--precision <name>', ['fp32', 'fp16', 'int8'], 'how weights are stored').default('fp32'))
    .addOption(checkpointOption())
    .addOption(namesOption())
    .option('--no-training', 'leave out the weights that pnpm train --from starts from (D knows the photos)')
    .option('--no-demo', 'leave out demo.html and its scripts, 14 MB')
    .option('--force', 'replace README.md, discarding your changes to it');
  if (!parseArguments(program, argv)) return null;
  const options = program.opts<ExportOptions>();
  const { out = null, checkpoint = null, names = [], force = false } = options;
  return { ...options, out, checkpoint, names, force };
}

const MOST_NAMES = 10;

function namesOption(): Option {
  const help = 'what the principal directions change, strongest first, separated by commas; empty for no name';
  return new Option('--names <list>', help).argParser((list) => {
    const names = list.split(',').map((name) => name.trim() || null);
    if (names.length <= MOST_NAMES) return names;
    throw new UserError(`--names: ${names.length} names are too many; a model has ${MOST_NAMES} directions`);
  });
}

function checkpointOption(): Option {
  const help =
    "'best', 'latest', or images seen, such as 20k, or several for their mean, such as 20k+40k (default: best, or latest if none was evaluated)";
  return new Option('--checkpoint <which>', help).argParser((value) => {
    if (value === 'best' || value === 'latest') return value;
    const images = [...new Set(value.split('+').map(parseCount))].sort((a, b) => a - b);
    if (!images.every(Number.isSafeInteger))
      throw new UserError(
        `--checkpoint: '${value}' is not best, latest, a number of images such as 20000 or 20k, or several with + between them`,
      );
    return images.length === 1 ? images[0]! : images;
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseExportOptions(argv);
  if (!options) return 0;
  // TensorFlow.js loads slowly; --help and mistakes don't wait for it.
  const { exportModel } = await import('./export-model.ts');
  const { describeMean } = await import('./training-run.ts');
  const { folder, run, manifest, kept } = await exportModel({ ...options, onStage: console.log });
  const { generator, parity, training, directions, timelapse } = manifest;
  const place = relative('.', folder) || '.';
  const psnr = parity.psnr === null ? 'infinite' : `${parity.psnr.toFixed(1)} dB`;
  console.log(
    `\n${place}: the generator of ${relative('.', run.folder) || '.'} after ${grouped(training.imagesSeen)} images${run.meanOf ? `, ${describeMean(run.meanOf)}` : ''}
  size        ${megabytes(generator.bytes)} (${generator.precision}), sha256 ${generator.sha256.slice(0, 16)}…
  training    ${training.weights ? `${megabytes(training.weights.bytes)}: pnpm train --data photos --from ${place}` : 'no weights to train on with (--no-training)'}
  parity      ${parity.latents} latents: max error ${parity.maxAbsoluteError.toExponential(1)}, mean ${parity.meanAbsoluteError.toExponential(1)}, PSNR ${psnr}
  also        samples.png, ${directions.length} directions, ${timelapse?.length ?? 0} training sheets, ${options.demo ? 'demo.html, ' : ''}${kept.includes('README.md') ? 'your README.md, unchanged (--force replaces it)' : 'README.md'}
Next: pnpm generate --model ${place} --seeds 0-63 --out grid.png`,
  );
  return 0;
}

if (import.meta.main) runCommand(main);
