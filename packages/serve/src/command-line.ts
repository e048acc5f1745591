/** @module What this package's commands have in common: how they read arguments and how they fail. */

import { UserError } from '@latent-dogs/latent';
import { type Command, CommanderError, Option } from 'commander';

/** Parses the arguments of a command; false where they asked for help, which is then printed. @throws UserError */
export function parseArguments(program: Command, argv: readonly string[]): boolean {
  // Errors are thrown, and printed once, by the caller.
  program
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .helpOption('-h, --help', 'show this help');
  try {
    // pnpm hands over the `--` of `pnpm serve -- --port 80`.
    program.parse(argv[0] === '--' ? argv.slice(1) : argv, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UserError(`${error.message.replace(/^error: /, '')}\n'${program.name()} --help' lists all options`);
  }
}

export const modelOption = () => new Option('--model <folder>', 'model folder (default: the newest in models)');

export const portOption = (usual: number, least = 1) =>
  new Option('--port <n>', `port to listen at (${least} to 65535)`).default(usual).argParser((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (port >= least && port <= 65_535) return port;
    throw new UserError(`--port: '${text}' is not an integer from ${least} to 65535`);
  });

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
