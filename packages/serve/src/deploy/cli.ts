/** @module `pnpm run deploy`: deploys the Worker to Cloudflare. */

import { join } from 'node:path';
import { Command } from 'commander';
import { GENERATED, prepare } from '../cloudflare/prepare.ts';
import { buildGallery, runWrangler } from '../cloudflare/run-tool.ts';
import { modelOption, parseArguments, runCommand } from '../command-line.ts';
import { newestModel, readModelFolder } from '../node/find-model.ts';
import { GALLERY } from '../node/gallery.ts';
import { checkSizes, mebibytes } from './check-sizes.ts';

const EXAMPLES = `
Examples:
  $ pnpm run deploy --dry-run     builds and checks Cloudflare's size limits; needs no account
  $ pnpm run deploy               asks to log in if necessary`;

async function main(): Promise<void> {
  // "pnpm deploy" is a built-in command of pnpm.
  const program = new Command('pnpm run deploy')
    .usage('[options]')
    .description(
      'Deploys the server, its model and the gallery to Cloudflare Workers, under the name in wrangler.jsonc.',
    )
    .addHelpText('after', EXAMPLES)
    .option('--dry-run', 'build and check, but do not deploy')
    .addOption(modelOption());
  if (!parseArguments(program, process.argv.slice(2))) return;
  const { dryRun = false, ...options } = program.opts<{ dryRun?: boolean; model?: string }>();
  const model = await readModelFolder(options.model ?? (await newestModel()));

  await buildGallery();
  await prepare({ model, gallery: GALLERY, out: GENERATED });
  const bundle = join(GENERATED, 'bundle');
  process.exitCode = await runWrangler(['deploy', '--dry-run', '--outdir', bundle]);
  if (process.exitCode !== 0) return;
  const { script, largestAsset } = await checkSizes(bundle, join(GENERATED, 'gallery'));
  console.log(
    `Worker: ${mebibytes(script)} of 64 MiB. Largest file of the gallery: ${mebibytes(largestAsset)} of 25 MiB.`,
  );
  if (!dryRun) process.exitCode = await runWrangler(['deploy']);
}

await runCommand(main);
