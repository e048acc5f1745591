/** @module `pnpm serve`: runs the Worker locally and offline in Cloudflare's runtime. */

import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { GENERATED, prepare } from '../cloudflare/prepare.ts';
import { buildGallery, runWrangler } from '../cloudflare/run-tool.ts';
import { modelOption, parseArguments, portOption, runCommand } from '../command-line.ts';
import { newestModel, readModelFolder } from '../node/find-model.ts';
import { GALLERY } from '../node/gallery.ts';
import { LOCAL_ENVIRONMENT } from './local-environment.ts';

const EXAMPLES = `
Examples:
  $ pnpm serve
  $ pnpm serve --port 3000 --model models/dogs-64
  $ curl -o dog.png 'localhost:8787/generate?seed=42'`;

/** The cache of the last run, from which `wrangler dev` would keep answering. */
const STATE = resolve(import.meta.dirname, '../../.wrangler/state');

async function main(): Promise<void> {
  const program = new Command('pnpm serve')
    .usage('[options]')
    .description('Serves dogs by seed, and the gallery, with the Worker that pnpm run deploy deploys to Cloudflare.')
    .addHelpText('after', EXAMPLES)
    .addOption(portOption(8787))
    .addOption(modelOption());
  if (!parseArguments(program, process.argv.slice(2))) return;
  const { port, ...options } = program.opts<{ port: number; model?: string }>();
  const model = await readModelFolder(options.model ?? (await newestModel()));

  await buildGallery();
  await prepare({ model, gallery: GALLERY, out: GENERATED });
  await rm(STATE, { recursive: true, force: true });
  process.exitCode = await runWrangler(['dev', '--port', String(port)], LOCAL_ENVIRONMENT);
}

await runCommand(main);
