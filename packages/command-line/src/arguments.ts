/** @module Options of a command line, with legal values and errors that name them. */
import { UserError } from '@latent-dogs/latent';
import { type Command, CommanderError, Option } from 'commander';
import { parseCount, parseDecimal } from './numbers.ts';
import './without-maglev.ts';

/** A legal interval, both ends included. */
export interface Range {
  min: number;
  max: number;
  whole: boolean;
}

/** Parses the arguments after the command's name; false if they asked for help, which is then printed. @throws UserError */
export function parseArguments(program: Command, argv: readonly string[]): boolean {
  // Errors are thrown, and printed once, by the caller.
  program
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .helpOption('-h, --help', 'show this help');
  try {
    // pnpm passes on the `--` of `pnpm train -- --data photos`.
    program.parse(argv[0] === '--' ? argv.slice(1) : argv, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UserError(`${error.message.replace(/^error: /, '')}\n'${program.name()} --help' lists all options`);
  }
}

/** An option that takes any text but blanks. */
export function text(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    if (value.trim() === '') throw new UserError(`${longName(flags)}: '${value}' is empty`);
    return value;
  });
}

/** An option that takes one of the words `legal`. `formerly` maps other words, which go on working, to those. */
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

/** An option that takes any of the words `legal`, comma-separated, in their order and each once; or `none`. */
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

/** An option that takes a number. */
export function number(flags: string, range: Range, description: string): Option {
  return new Option(flags, `${description} (${range.min} to ${range.max})`).argParser((value) =>
    checkRange(flags, value, parseDecimal(value), range),
  );
}

/** An option that takes a number of things, such as images, which may be written 20,000, 200k or 1.5M. */
export function count(flags: string, range: Range, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    const parsed = parseCount(value);
    if (isWithin(parsed, range)) return parsed;
    throw new UserError(`${longName(flags)}: ${notWithin(value, range)}, which may be written like 200k or 2M`);
  });
}

/** An option that `parse` reads; the UserErrors it throws get the option's name in front. */
export function parsed<T>(flags: string, parse: (value: string) => T, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const sentence = error.message.replace(/\.$/, '');
      throw new UserError(`${longName(flags)}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`);
    }
  });
}

/** Returns `value` if it is in range. @throws UserError quoting `given`, as the user wrote it */
export function checkRange(flags: string, given: string, value: number, range: Range): number {
  if (isWithin(value, range)) return value;
  throw new UserError(`${longName(flags)}: ${notWithin(given, range)}`);
}

/** False for NaN. */
const isWithin = (value: number, { min, max, whole }: Range) =>
  value >= min && value <= max && (!whole || Number.isInteger(value));

const notWithin = (given: string, { min, max, whole }: Range) =>
  `'${given}' is not a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;

/** `--seeds` of `--seeds <list>`. */
function longName(flags: string): string {
  return flags.split(' ')[0]!;
}
