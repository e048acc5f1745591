/** @module `pnpm run doctor` (`pnpm doctor` is a command of pnpm itself). */

import { parseArguments, runCommand } from '@latent-dogs/command-line';
import { presetConfig } from '@latent-dogs/dcgan';
import { Command } from 'commander';
import { diagnose } from './diagnose.ts';
import { reportText } from './report.ts';

const examples = `
Examples:
  $ pnpm run doctor                 a table, and remedies for backends that do not work
  $ pnpm run doctor --json          the same as JSON
The exit code is 1 only if no backend works.`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm run doctor')
    .usage('[options]')
    .description('Tests which compute backends work on this machine and how fast, with remedies for the others.')
    .addHelpText('after', examples)
    .option('--json', 'print JSON');
  if (!parseArguments(program, argv)) return 0;
  const { json = false } = program.opts<{ json?: boolean }>();
  const config = presetConfig('dogs', null);
  if (!json) console.log('Running a few steps with each backend; this takes up to two minutes …\n');
  const diagnosis = await diagnose(config);
  const shape = `${config.size}x${config.size}, ${config.channels} base channels, batch ${config.batch}`;
  console.log(json ? JSON.stringify(diagnosis, null, 2) : reportText(diagnosis, shape));
  return diagnosis.findings.some(({ works }) => works) ? 0 : 1;
}

runCommand(main);
