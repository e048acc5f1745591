/** @module The command line of `pnpm soak`. */
import { count, number, parseArguments, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command } from 'commander';

export const PARTS = ['kills', 'photos', 'zips', 'disk', 'requests', 'load'] as const;
export type Part = (typeof PARTS)[number];

export interface SoakOptions {
  parts: readonly Part[];
  /** How many kills, files, zips or requests; null: the part's own number. */
  count: number | null;
  /** Duration of the load on each server. */
  minutes: number;
  /** Of what is random. */
  seed: number;
  /** Folder of the model that is served; null: the newest in models. */
  model: string | null;
}

const examples = `
Parts of the trainer:
  kills      50 trainings ended by SIGKILL at random moments, and resumed
  photos     1,000 damaged photos
  zips       1,000 damaged zips
  disk       a training on a disk that is full (Linux, as root)

Parts of the service, each on the Node server and on the Worker (Linux):
  requests   20,000 mutated requests
  load       10 minutes of load, while memory must stay flat

Examples:
  $ pnpm soak                        everything: about an hour and a half
  $ pnpm soak zips --count 100 --seed 7
  $ pnpm soak load --minutes 2`;

/** Parses the arguments after the command's name; null after `--help`. @throws UserError */
export function parseSoakOptions(argv: readonly string[]): SoakOptions | null {
  const program = new Command('pnpm soak')
    .usage('[parts] [options]')
    .description('Long checks of what must not break: docs/reliability.md has their results.')
    .argument('[parts...]', 'what to check (default: everything)')
    .addOption(
      count('--count <n>', { min: 1, max: 10_000_000, whole: true }, 'how many kills, photos, zips or requests'),
    )
    .addOption(number('--minutes <n>', { min: 0.1, max: 1_440, whole: false }, 'duration of the load').default(10))
    .addOption(number('--seed <n>', { min: 0, max: 2 ** 31, whole: true }, 'seed of what is random').default(0))
    .addOption(text('--model <folder>', 'model folder that is served (default: the newest in models)'))
    .addHelpText('after', examples);
  if (!parseArguments(program, argv)) return null;
  const parts = program.args.map((word) => {
    const part = PARTS.find((one) => one === word);
    if (!part) throw new UserError(`'${word}' is not one of ${PARTS.join(', ')}`);
    return part;
  });
  const {
    count: given = null,
    model = null,
    ...others
  } = program.opts<{
    count?: number;
    minutes: number;
    seed: number;
    model?: string;
  }>();
  return { parts: parts.length > 0 ? parts : PARTS, count: given, model, ...others };
}
