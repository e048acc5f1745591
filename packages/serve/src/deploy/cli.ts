/** @module `pnpm run deploy`: the Worker to Cloudflare. */

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
  $ pnpm run deploy --dry-run     only checks that Cloudflare would take it; needs no account
  $ pnpm run deploy               asks to log in where you are not`;

async function main(): Promise<void> {
  // "pnpm deploy" is a command of pnpm's own.
  const program = new Command('pnpm run deploy')
    .usage('[options]')
    .description('Puts the server, its model and the gallery on Cloudflare Workers, under the name in wrangler.jsonc.')
    .addHelpText('after', EXAMPLES)
    .option('--dry-run', 'build and check, deploy nothing')
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
    `The Worker has ${mebibytes(script)} (of 64 MiB), the gallery's largest file ${mebibytes(largestAsset)} (of 25 MiB).`,
  );
  if (!dryRun) process.exitCode = await runWrangler(['deploy']);
}

await runCommand(main);
