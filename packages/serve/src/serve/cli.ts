/** @module `pnpm serve`: runs the Worker locally and offline in Cloudflare's runtime. */

import { join } from 'node:path';
import { parseArguments, runCommand } from '@latent-dogs/command-line';
import { Command } from 'commander';
import { prepare } from '../cloudflare/prepare.ts';
import { buildGallery, runWrangler } from '../cloudflare/run-tool.ts';
import { inWorkFolder } from '../cloudflare/work-folder.ts';
import { modelOption, portOption, readModels } from '../options.ts';
import { GALLERY } from '../places.ts';
import { LOCAL_ENVIRONMENT } from './local-environment.ts';

const EXAMPLES = `
Examples:
  $ pnpm serve
  $ pnpm serve --port 3000 --model models/dogs-64
  $ pnpm serve --model models/dogs-128 --model models/dogs-64
  $ curl -o dog.png 'localhost:8787/generate?seed=42'`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm serve')
    .usage('[options]')
    .description('Serves dogs by seed, and the gallery, with the Worker that pnpm run deploy deploys to Cloudflare.')
    .addHelpText('after', EXAMPLES)
    .addOption(portOption(8787))
    .addOption(modelOption());
  if (!parseArguments(program, argv)) return 0;
  const { port, ...options } = program.opts<{ port: number; model?: string[] }>();
  const models = await readModels(options);

  await buildGallery();
  return inWorkFolder(async (folder) => {
    const config = await prepare({ models, gallery: GALLERY, out: folder });
    const options = [
      '--config',
      config,
      '--port',
      String(port),
      '--persist-to',
      join(folder, 'state'),
      '--var',
      'LOCAL:1',
    ];
    return runWrangler(['dev', ...options], LOCAL_ENVIRONMENT);
  });
}

runCommand(main);
