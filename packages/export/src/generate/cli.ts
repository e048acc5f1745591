/** @module `pnpm generate`. */

import { choice, number, parseArguments, parsed, runCommand, text } from '@latent-dogs/command-line';
import { type NamedDog, parseDogList, UserError } from '@latent-dogs/latent';
import { Command } from 'commander';
import type { GenerateOptions } from './generate.ts';

const examples = `
Examples:
  $ pnpm generate                                   a sheet of 64 dogs, grid.png
  $ pnpm generate --seeds rex,luna,1-7 --scale 4
  $ pnpm generate --seeds 'anna,ben,(anna*ben)3'    two dogs and their third puppy, as the gallery and serve name it
  $ pnpm generate --seeds 0-99 --out dogs/          single pictures, dogs/0.png …
  $ pnpm generate --seeds 42 --out dog-{seed}.png --psi 0.7 --model models/dogs-64`;

/** Options; `model` is null for the newest. */
export type GenerateArguments = Omit<GenerateOptions, 'model'> & { model: string | null };

/** @throws UserError */
function parseSeeds(list: string): NamedDog[] {
  if (list.trim() === '') throw new UserError(`'${list}' is empty`);
  return parseDogList(list);
}

/** Parses the arguments after the command's name; null if they asked for help. @throws UserError naming the option. */
export function parseGenerateOptions(argv: readonly string[]): GenerateArguments | null {
  const program = new Command('pnpm generate')
    .usage('[options]')
    .description('Makes pictures with an exported model. The same seed makes the same picture.')
    .addHelpText('after', examples)
    .addOption(
      parsed('--seeds <list>', parseSeeds, 'numbers, ranges, words and puppies, comma-separated').default(
        parseDogList('0-63'),
        '0-63',
      ),
    )
    .addOption(
      text(
        '--out <path>',
        'a sheet (grid.png), or single files (dogs/ or dog-{seed}.png); .png, .jpg or .webp',
      ).default('grid.png'),
    )
    .addOption(text('--model <folder>', 'model folder (default: the newest in models)'))
    .addOption(
      number(
        '--psi <psi>',
        { min: 0, max: 2, whole: false },
        'truncation: lower values give more typical, more similar dogs',
      ).default(1),
    )
    .addOption(number('--columns <n>', { min: 1, max: 1000, whole: true }, 'pictures in a row (default: a square)'))
    .addOption(number('--scale <n>', { min: 1, max: 32, whole: true }, 'enlargement factor').default(1))
    .addOption(choice('--filter <name>', ['nearest', 'lanczos'], 'how to enlarge').default('nearest'));
  if (!parseArguments(program, argv)) return null;
  const options = program.opts<GenerateArguments>();
  const { model = null, columns = null } = options;
  return { ...options, model, columns };
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseGenerateOptions(argv);
  if (!options) return 0;
  const { newestModel } = await import('@latent-dogs/models');
  const model = options.model ?? (await newestModel('models'));
  const { generate } = await import('./generate.ts');
  const words = mistakable(options.seeds).slice(0, 3);
  if (words.length > 0)
    console.error(
      `Note: ${words.map((word) => `'${word}'`).join(', ')} ${words.length === 1 ? 'is a word' : 'are words'} here; ` +
        'numbers go from 0 to 4294967295, and ranges are written 0-63',
    );
  const files = await generate({ ...options, model });
  const what = `${options.seeds.length} ${options.seeds.length === 1 ? 'picture' : 'pictures'} by ${model}`;
  console.log(`${listed(files)} (${what})`);
  return 0;
}

/** Names that look like numbers, and are words all the same: every text is a seed. */
export const mistakable = (seeds: readonly NamedDog[]): string[] =>
  seeds
    .map(({ label }) => label)
    .filter(
      (label) =>
        (/^[-+.]*\d[\d.,_-]*$|^0x[\da-f]+$|^\d+e\d+$/i.test(label) && !/^(0|[1-9]\d*)$/.test(label)) ||
        Number(label) > 4_294_967_295,
    );

/** A line for each file, or the first and the last of many. */
export function listed(files: readonly string[]): string {
  if (files.length <= 12) return files.join('\n');
  return `${files[0]} to ${files.at(-1)}`;
}

if (import.meta.main) runCommand(main);
