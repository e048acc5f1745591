/** @module The server on plain Node, for a container or a VPS: `node packages/serve/src/node/cli.ts`. */

import { Command, Option } from 'commander';
import { modelOption, parseArguments, portOption, runCommand } from '../command-line.ts';
import { newestModel } from './find-model.ts';
import { GALLERY } from './gallery.ts';
import { startServer } from './start-server.ts';

const EXAMPLES = `
Examples:
  $ node packages/serve/src/node/cli.ts
  $ node packages/serve/src/node/cli.ts --port 80 --host 0.0.0.0 --model models/dogs-64
  $ curl -o dog.png 'localhost:8787/generate?seed=42'`;

async function main(): Promise<void> {
  const program = new Command('node packages/serve/src/node/cli.ts')
    .description('Serves dogs by seed, and the gallery if it has been built (pnpm build).')
    .addHelpText('after', EXAMPLES)
    .addOption(portOption(8787, 0))
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 means all').default('127.0.0.1'))
    .addOption(modelOption());
  if (!parseArguments(program, process.argv.slice(2))) return;
  const options = program.opts<{ port: number; host: string; model?: string }>();

  const server = await startServer({ ...options, model: options.model ?? (await newestModel()), gallery: GALLERY });
  console.log(`${server.url} serves ${server.modelName}${server.hasGallery ? ' and the gallery' : ''}`);
  if (!server.hasGallery) console.log('(no gallery; build it with pnpm build)');

  const signals = ['SIGTERM', 'SIGINT'] as const;
  const stop = async () => {
    // With the handlers removed, a second signal ends the process at once.
    for (const signal of signals) process.off(signal, stop);
    await server.close();
  };
  for (const signal of signals) process.on(signal, stop);
}

await runCommand(main);
