/** @module `pnpm opening`. */
import { parseArguments, parsed, runCommand, text } from '@latent-dogs/command-line';
import { parseDogList, UserError } from '@latent-dogs/latent';
import { newestModel, replaceFields } from '@latent-dogs/models';
import { Command } from 'commander';

const examples = `
Look first, then choose:
  $ pnpm generate --model models/dogs-64 --seeds 1-200 --columns 20 --out sheet.png
  $ pnpm opening --model models/dogs-64 --seeds 95,129,163,2,167`;

interface OpeningArguments {
  seeds: number[];
  /** Null for the newest. */
  model: string | null;
}

/** @throws UserError */
const parseSeeds = (list: string): number[] =>
  parseDogList(list).map(({ seed }) => {
    if (typeof seed === 'number') return seed;
    throw new UserError(`'${seed}' is a puppy; the gallery opens with dogs that have a number`);
  });

/** Parses the arguments after the command's name; null if they asked for help. @throws UserError naming the option. */
export function parseOpeningOptions(argv: readonly string[]): OpeningArguments | null {
  const program = new Command('pnpm opening')
    .usage('--seeds <list> [options]')
    .description(
      'Stores the dogs with which the gallery opens in a model: the first three are those of its walk, all of them its first rows.',
    )
    .addHelpText('after', examples)
    .addOption(parsed('--seeds <list>', parseSeeds, 'good dogs: 3 to 96 numbers and ranges').makeOptionMandatory())
    .addOption(text('--model <folder>', 'model folder (default: the newest in models)'));
  if (!parseArguments(program, argv)) return null;
  const { seeds, model = null } = program.opts<{ seeds: number[]; model?: string }>();
  return { seeds, model };
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOpeningOptions(argv);
  if (!options) return 0;
  const model = options.model ?? (await newestModel('models'));
  const { seeds: opening } = options;
  await replaceFields(model, { opening });
  console.log(`${model}/model.json: the gallery opens with ${opening.length} dogs. Next: pnpm build`);
  return 0;
}

if (import.meta.main) runCommand(main);
