/** @module The server on plain Node, for a container or a VPS: `pnpm serve:node`. */

import { number, onLostOutput, parseArguments, runCommand } from '@latent-dogs/command-line';
import { Command, Option } from 'commander';
import { modelFolders, modelOption, portOption } from '../options.ts';
import { whenPackageManagerEnds } from '../package-manager.ts';
import { GALLERY } from '../places.ts';
import { startServer } from './start-server.ts';

const EXAMPLES = `
Examples:
  $ pnpm serve:node
  $ pnpm serve:node --port 80 --host 0.0.0.0 --model models/dogs-64
  $ pnpm serve:node --model models/dogs-128 --model models/dogs-64
  $ curl -o dog.png 'localhost:8787/generate?seed=42'`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm serve:node')
    .description('Serves dogs by seed, and the gallery if it has been built (pnpm build).')
    .addHelpText('after', EXAMPLES)
    .addOption(portOption(8787, 0))
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 means all').default('127.0.0.1'))
    .option(
      '--trust-proxy',
      "behind a reverse proxy: take a client's address from the end of X-Forwarded-For, and the scheme from X-Forwarded-Proto",
    )
    .option('--access-log', 'write a line of JSON for each request to standard output')
    .option('--metrics', 'answer /metrics for Prometheus, to everyone who can reach the server')
    .addOption(
      number(
        '--drain <seconds>',
        { min: 0, max: 600, whole: false },
        'on SIGTERM: let /readyz fail for so long first',
      ).default(0),
    )
    .addOption(modelOption());
  if (!parseArguments(program, argv)) return 0;
  const { accessLog, drain, model, ...options } = program.opts<{
    port: number;
    host: string;
    model?: string[];
    trustProxy?: boolean;
    metrics?: boolean;
    accessLog?: boolean;
    drain: number;
  }>();

  const server = await startServer({
    ...options,
    models: await modelFolders({ model }),
    gallery: GALLERY,
    drain: 1000 * drain,
    ...(accessLog && { log: (line) => process.stdout.write(line) }),
  });
  console.log(`${server.url} serves ${server.modelNames.join(', ')}${server.hasGallery ? ' and the gallery' : ''}`);
  if (!server.hasGallery) console.log('(no gallery; build it with pnpm build)');

  const signals = ['SIGTERM', 'SIGINT'] as const;
  await new Promise<void>((resolve) => {
    const stop = () => {
      // With the handlers removed, a second signal ends the process at once.
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
    // Nobody reads the output, also after Ctrl-C in `pnpm serve:node | tee log`, which is no second signal.
    onLostOutput(resolve);
    whenPackageManagerEnds(stop);
  });
  await server.close();
  return 0;
}

runCommand(main);
