/** @module `pnpm run doctor`; without `run` pnpm has a doctor of its own. */

import { parseArguments, runCommand } from '@latent-dogs/command-line';
import { presetConfig } from '@latent-dogs/dcgan';
import { Command } from 'commander';
import { diagnose } from './diagnose.ts';
import { reportText } from './report.ts';

const examples = `
Examples:
  $ pnpm run doctor                 a table, and what to do about what does not work
  $ pnpm run doctor --json          the same for programs
The exit code is 1 only where nothing works.`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm run doctor')
    .usage('[options]')
    .description('Says which compute backends work on this machine, how fast, and what to do about the others.')
    .addHelpText('after', examples)
    .option('--json', 'print it as JSON');
  if (!parseArguments(program, argv)) return 0;
  const { json = false } = program.opts<{ json?: boolean }>();
  const config = presetConfig('dogs', null);
  if (!json) console.log('Taking a few steps with each backend; this takes up to a minute or two …\n');
  const diagnosis = await diagnose(config);
  const shape = `${config.size}x${config.size}, ${config.channels} base channels, batch ${config.batch}`;
  console.log(json ? JSON.stringify(diagnosis, null, 2) : reportText(diagnosis, shape));
  return diagnosis.findings.some(({ works }) => works) ? 0 : 1;
}

runCommand(main);
