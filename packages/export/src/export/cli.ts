/** @module `pnpm export`. */
import { relative } from 'node:path';
import { choice, parseArguments, runCommand, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command, Option } from 'commander';
import type { ExportOptions } from './export-model.ts';

const examples = `
Examples:
  $ pnpm export                                    the newest run
  $ pnpm export --precision fp16                   half the size
  $ pnpm export --run runs/00007-photos-64 --out models/dogs-64
  $ pnpm export --checkpoint 400000 --out models/early`;

/** Parses the arguments after the command's name; null where they asked for help. @throws UserError naming the option. */
export function parseExportOptions(argv: readonly string[]): ExportOptions | null {
  const program = new Command('pnpm export')
    .usage('[options]')
    .description(
      'Writes a trained generator as an ONNX model, once it is proven equal to the network that was trained.',
    )
    .addHelpText('after', examples)
    .addOption(text('--run <run>', "'latest' or a run folder").default('latest'))
    .addOption(text('--out <folder>', 'model folder to write (default: models/<dataset>-<size>)'))
    .addOption(choice('--precision <name>', ['fp32', 'fp16', 'int8'], 'how weights are stored').default('fp32'))
    .addOption(checkpoint())
    .option('--force', 'write README.md anew, your changes to it lost');
  if (!parseArguments(program, argv)) return null;
  const options = program.opts<ExportOptions>();
  const { out = null, force = false } = options;
  return { ...options, out, force };
}

function checkpoint(): Option {
  const option = new Option('--checkpoint <images>', "images seen at the checkpoint to export, or 'latest'");
  return option.default('latest').argParser((value) => {
    if (value === 'latest') return value;
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw new UserError(`--checkpoint: '${value}' is not a number of images, such as 20000, or latest`);
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseExportOptions(argv);
  if (!options) return 0;
  // TensorFlow.js takes a while to load; --help and mistakes need not wait for it.
  const { exportModel } = await import('./export-model.ts');
  const { folder, run, manifest, kept } = await exportModel({ ...options, onStage: console.log });
  const { generator, parity, training, directions, timelapse } = manifest;
  const place = relative('.', folder) || '.';
  const psnr = parity.psnr === null ? 'infinite' : `${parity.psnr.toFixed(1)} dB`;
  console.log(
    `\n${place}: the generator of ${relative('.', run.folder) || '.'} after ${training.imagesSeen.toLocaleString('en-US')} images
  size        ${(generator.bytes / 1e6).toFixed(2)} MB (${generator.precision}), sha256 ${generator.sha256.slice(0, 16)}…
  parity      ${parity.latents} latents: max error ${parity.maxAbsoluteError.toExponential(1)}, mean ${parity.meanAbsoluteError.toExponential(1)}, PSNR ${psnr}
  also there  samples.png, ${directions.length} directions, ${timelapse?.length ?? 0} sheets of the training, ${kept.includes('README.md') ? 'your README.md as it was (--force writes it anew)' : 'README.md'}
Next: pnpm generate --model ${place} --seeds 0-63 --out grid.png`,
  );
  return 0;
}

if (import.meta.main) runCommand(main);
