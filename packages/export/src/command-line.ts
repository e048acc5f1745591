/** @module What both commands of this package have in common: how they read arguments and how they fail. */
import { UserError } from '@latent-dogs/latent';
import { type Command, CommanderError, Option } from 'commander';

/** Parses the arguments after `node cli.ts`; false where they asked for help, which is then printed. @throws UserError */
export function parseArguments(program: Command, argv: readonly string[]): boolean {
  // Errors are thrown, and printed once, by the caller.
  program
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .helpOption('-h, --help', 'show this help');
  try {
    // pnpm hands over the `--` of `pnpm export -- --run latest`.
    program.parse(argv[0] === '--' ? argv.slice(1) : argv, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UserError(`${error.message.replace(/^error: /, '')}\n'${program.name()} --help' lists all options`);
  }
}

export function text(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    if (value.trim() === '') throw new UserError(`${longName(flags)}: '${value}' is empty`);
    return value;
  });
}

export function choice(flags: string, legal: readonly string[], description: string): Option {
  return new Option(flags, `${description}: ${legal.join(', ')}`).argParser((value) => {
    if (legal.includes(value)) return value;
    throw new UserError(`${longName(flags)}: '${value}' is not one of ${legal.join(', ')}`);
  });
}

export function number(
  flags: string,
  { min, max, whole }: { min: number; max: number; whole: boolean },
  description: string,
): Option {
  return new Option(flags, `${description} (${min} to ${max})`).argParser((value) => {
    const number = /^(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max && (!whole || Number.isInteger(number))) return number;
    throw new UserError(`${longName(flags)}: '${value}' is not a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
  });
}

const longName = (flags: string) => flags.split(' ')[0]!;

/** Runs a command; a user's mistake is told without a stack trace. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof UserError) console.error(`error: ${error.message}`);
    else console.error(error);
    process.exitCode = 1;
  }
}
