/** @module What the commands of this package have in common: how they read arguments and how they fail. */
import { UserError } from '@latent-dogs/latent';
import { type Command, CommanderError, Option } from 'commander';
import './without-maglev.ts';

/** A legal interval, both ends included. */
export interface Range {
  min: number;
  max: number;
  whole: boolean;
}

/** Parses the arguments after the command's name; false where they asked for help, which is then printed. @throws UserError */
export function parseArguments(program: Command, argv: readonly string[]): boolean {
  // Errors are thrown, and printed once, by the caller.
  program
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .helpOption('-h, --help', 'show this help');
  try {
    // pnpm hands over the `--` of `pnpm train -- --data photos`.
    program.parse(argv[0] === '--' ? argv.slice(1) : argv, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UserError(`${error.message.replace(/^error: /, '')}\n'${program.name()} --help' lists all options`);
  }
}

/** Ends the process with what `main` returns; a user's mistake is told without a stack trace and ends it with 1. */
export function runCommand(main: (argv: readonly string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (error instanceof UserError) console.error(`error: ${error.message}`);
      else console.error(error);
      process.exit(1);
    },
  );
}

export function text(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    if (value.trim() === '') throw new UserError(`${longName(flags)}: '${value}' is empty`);
    return value;
  });
}

/** One of the words `legal`. `formerly` maps other words, which go on working, to those. */
export function choice(
  flags: string,
  legal: readonly (string | number)[],
  description: string,
  formerly: Readonly<Record<string, string>> = {},
): Option {
  return new Option(flags, `${description}: ${legal.join(', ')}`).argParser((value) => {
    const found = legal.find((word) => String(word) === (formerly[value] ?? value));
    if (found === undefined) throw new UserError(`${longName(flags)}: '${value}' is not one of ${legal.join(', ')}`);
    return found;
  });
}

/** Any of the words `legal`, comma-separated, in their order and each once; or `none`. */
export function list(flags: string, legal: readonly string[], description: string): Option {
  const all = legal.join(', ');
  return new Option(flags, `${description}, comma-separated: ${all}; or none`).argParser((value) => {
    if (value === 'none') return [];
    const words = value.split(',').map((word) => word.trim());
    const unknown = words.find((word) => !legal.includes(word));
    if (unknown !== undefined) throw new UserError(`${longName(flags)}: '${unknown}' is not one of ${all}, or none`);
    return legal.filter((word) => words.includes(word));
  });
}

export function number(flags: string, range: Range, description: string): Option {
  return new Option(flags, `${description} (${range.min} to ${range.max})`).argParser((value) =>
    checkRange(flags, value, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN, range),
  );
}

/** A number of images, which may be written 200k or 1.5M. */
export function count(flags: string, range: Range, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    const [, digits, unit] = value.match(/^(\d+(?:\.\d+)?)([kM]?)$/i) ?? [];
    const factor = { k: 1_000, m: 1_000_000 }[unit?.toLowerCase() ?? ''] ?? 1;
    // Rounded where floating point alone is to blame: 1.1M.
    const exact = Number(digits) * factor;
    const rounded = Math.round(exact);
    return checkRange(flags, value, Math.abs(exact - rounded) < 1e-6 ? rounded : exact, range);
  });
}

export function checkRange(flags: string, given: string, value: number, { min, max, whole }: Range): number {
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new UserError(`${longName(flags)}: '${given}' is not a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
}

function longName(flags: string): string {
  return flags.split(' ')[0]!;
}
