/** @module `pnpm bundle:server`: the Node server as one folder that needs Node and nothing else. */

import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { megabytes, parseArguments, runCommand } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { listModels } from '@latent-dogs/models';
import { Command, Option } from 'commander';
import { GALLERY, MODELS } from '../places.ts';
import { buildContainer } from './build-container.ts';

const EXAMPLES = `
Examples:
  $ pnpm build && pnpm bundle:server
  $ pnpm bundle:server --out /srv/dogs --models models
  $ node --single-threaded-gc packages/serve/dist/server.mjs`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm bundle:server')
    .description('Writes the Node server with its models, and the gallery if it has been built, into one folder.')
    .addHelpText('after', EXAMPLES)
    .addOption(new Option('--out <folder>', 'folder to write; it is replaced').default('packages/serve/dist'))
    .addOption(new Option('--models <folder>', 'folder of models (default: models)').default(MODELS, 'models'));
  if (!parseArguments(program, argv)) return 0;
  const { out, models: folder } = program.opts<{ out: string; models: string }>();
  if (existsSync(out) && (await readdir(out)).length > 0 && !existsSync(join(out, 'server.mjs')))
    throw new UserError(`--out: '${out}' holds other files; name a new folder`);
  const models = await listModels(folder);
  if (models.length === 0)
    throw new UserError(`--models: there is no model in '${folder}'; make one with pnpm train, then pnpm export`);
  const gallery = existsSync(join(GALLERY, 'index.html')) ? GALLERY : null;
  await buildContainer({ models, gallery, out });
  const names = models.map(({ name }) => name).join(', ');
  console.log(`${out}: ${megabytes(await sizeOf(out))}; ${names}${gallery ? '; the gallery' : ''}`);
  if (!gallery) console.log('(no gallery; build it with pnpm build)');
  console.log(`Start it: node --single-threaded-gc ${join(relative('.', out) || out, 'server.mjs')}`);
  return 0;
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

runCommand(main);
