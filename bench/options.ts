/** @module The command line of `pnpm bench`. */
import { number, parseArguments, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Argument, Command } from 'commander';

/** In the order in which they run, and stand in BENCHMARKS.md. */
export const PARTS = ['train', 'data', 'export', 'serve', 'web'] as const;
export type Part = (typeof PARTS)[number];

/** Enough for a median, on an idle machine. */
export const DEFAULT_ROUNDS = 6;

export interface BenchOptions {
  parts: readonly Part[];
  /** Write the sections of BENCHMARKS.md. */
  write: boolean;
  /** Measure the largest sizes, too. */
  full: boolean;
  /** How many turns each process has. */
  rounds: number;
  /** A Python interpreter for the peers; null: LATENT_DOGS_BENCH_PYTHON, or else python3. */
  python: string | null;
  /** Folder of another version of this repository, whose training step takes part. */
  against: string | null;
  /** Model folder; null: the newest in models. */
  model: string | null;
}

const examples = `
Parts:
  train    the training step, beside PyTorch, TensorFlow and WebAssembly
  data     decoding photos
  export   exporting a generator, and running it natively and in WebAssembly
  serve    the servers, beside FastAPI with onnxruntime and Pillow
  web      the gallery in Chromium

Examples:
  $ pnpm bench                                   all parts, printed
  $ pnpm bench train --write                     one part, written into its section of BENCHMARKS.md
  $ pnpm bench train --against ../latent-dogs    is this version faster than that one?
  $ pnpm bench train serve --python venv/bin/python
  $ pnpm bench data --full                       100,000 photos, too`;

/** Parses the arguments after the command's name; null if they asked for help. @throws UserError naming what was wrong */
export function parseBenchOptions(argv: readonly string[]): BenchOptions | null {
  const parts = new Argument('[parts...]', `what to measure (default: all): ${PARTS.join(', ')}`);
  const program = new Command('pnpm bench')
    .usage('[parts...] [options]')
    .description('Measures speed and memory on this machine. Ratios are taken between processes that take turns.')
    .addHelpText('after', examples)
    .addArgument(parts)
    .option('--write', 'replace the sections of these parts in BENCHMARKS.md')
    .option('--full', 'measure the largest sizes, too; this takes much longer')
    .addOption(
      number('--rounds <n>', { min: 1, max: 100, whole: true }, 'turns of each process').default(DEFAULT_ROUNDS),
    )
    .addOption(
      text(
        '--python <path>',
        'interpreter for the peers, with torch, or with fastapi, uvicorn, onnxruntime and Pillow (default: LATENT_DOGS_BENCH_PYTHON, or python3)',
      ),
    )
    .addOption(
      text('--against <folder>', 'another version of this repository, installed; its training step takes part'),
    )
    .addOption(text('--model <folder>', 'model folder for serve (default: the newest in models)'));
  if (!parseArguments(program, argv)) return null;
  const named = program.args.map(checkPart);
  const options = program.opts<Partial<BenchOptions> & Pick<BenchOptions, 'rounds'>>();
  const { write = false, full = false, rounds, python = null, against = null, model = null } = options;
  const chosen = named.length === 0 ? PARTS : PARTS.filter((part) => named.includes(part));
  if (against !== null && !chosen.includes('train')) throw new UserError('--against: only the part train takes it');
  if (model !== null && !chosen.includes('serve')) throw new UserError('--model: only the part serve takes it');
  return { parts: chosen, write, full, rounds, python, against, model };
}

function checkPart(word: string): Part {
  const part = PARTS.find((one) => one === word);
  if (part === undefined) throw new UserError(`'${word}' is not a part of the benchmarks; legal: ${PARTS.join(', ')}`);
  return part;
}
