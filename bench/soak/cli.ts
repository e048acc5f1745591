/** @module `pnpm soak`: long tests of reliability, for docs/reliability.md. */
import { number, parseArguments, runCommand, text } from '@latent-dogs/command-line';
import { Command } from 'commander';
import { soakServe } from './serve.ts';

const EXAMPLES = `
Examples:
  $ pnpm soak                                   20,000 requests and 10 minutes of load for each server
  $ pnpm soak --requests 1000 --minutes 1`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm soak')
    .usage('[options]')
    .description('Sends both servers mutated requests, then load, and watches for faults and memory. Linux only.')
    .addHelpText('after', EXAMPLES)
    .addOption(number('--requests <n>', { min: 1, max: 10_000_000, whole: true }, 'mutated requests').default(20_000))
    .addOption(number('--minutes <n>', { min: 0, max: 1440, whole: false }, 'duration of the load').default(10))
    .addOption(number('--seed <n>', { min: 0, max: 4_294_967_295, whole: true }, 'of the mutations').default(1))
    .addOption(text('--model <folder>', 'model folder (default: the newest in models)'));
  if (!parseArguments(program, argv)) return 0;
  const faults = await soakServe(program.opts());
  return faults === 0 ? 0 : 1;
}

if (import.meta.main) runCommand(main);
