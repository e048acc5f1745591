/** @module The command line of `pnpm soak`. */
import { count, number, parseArguments } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command } from 'commander';

export const PARTS = ['kills', 'photos', 'zips', 'disk'] as const;
export type Part = (typeof PARTS)[number];

export interface SoakOptions {
  parts: readonly Part[];
  /** How many kills, files or zips; null: the part's own number. */
  count: number | null;
  /** Of what is random. */
  seed: number;
}

const examples = `
Parts:
  kills     trainings ended by SIGKILL at random moments, and resumed: 50
  photos    damaged photos: 1,000
  zips      damaged zips: 1,000
  disk      a training on a disk that is full (Linux, as root)

Examples:
  $ pnpm soak                        everything: about an hour
  $ pnpm soak zips --count 100 --seed 7`;

/** Parses the arguments after the command's name; null after `--help`. @throws UserError */
export function parseSoakOptions(argv: readonly string[]): SoakOptions | null {
  const program = new Command('pnpm soak')
    .usage('[parts] [options]')
    .description('Long checks of what must not break: docs/reliability.md has their results.')
    .argument('[parts...]', 'what to check (default: everything)')
    .addOption(count('--count <n>', { min: 1, max: 1_000_000, whole: true }, 'how many kills, photos or zips'))
    .addOption(number('--seed <n>', { min: 0, max: 2 ** 31, whole: true }, 'seed of what is random').default(0))
    .addHelpText('after', examples);
  if (!parseArguments(program, argv)) return null;
  const parts = program.args.map((word) => {
    const part = PARTS.find((one) => one === word);
    if (!part) throw new UserError(`'${word}' is not one of ${PARTS.join(', ')}`);
    return part;
  });
  const { count: given = null, seed } = program.opts<{ count?: number; seed: number }>();
  return { parts: parts.length > 0 ? parts : PARTS, count: given, seed };
}
