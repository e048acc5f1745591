/** @module `pnpm run deploy`: deploys the Worker to Cloudflare. */

import { join } from 'node:path';
import { parseArguments, runCommand } from '@latent-dogs/command-line';
import { Command } from 'commander';
import { prepare } from '../cloudflare/prepare.ts';
import { buildGallery, runWrangler } from '../cloudflare/run-tool.ts';
import { inWorkFolder } from '../cloudflare/work-folder.ts';
import { modelOption, readModels } from '../options.ts';
import { GALLERY } from '../places.ts';
import { checkSizes, mebibytes } from './check-sizes.ts';

const EXAMPLES = `
Examples:
  $ pnpm run deploy --dry-run     builds and checks Cloudflare's size limits; needs no account
  $ pnpm run deploy               asks to log in if necessary`;

async function main(argv: readonly string[]): Promise<number> {
  // "pnpm deploy" is a built-in command of pnpm.
  const program = new Command('pnpm run deploy')
    .usage('[options]')
    .description(
      'Deploys the server, its models and the gallery to Cloudflare Workers, under the name in packages/serve/src/cloudflare/wrangler-config.ts.',
    )
    .addHelpText('after', EXAMPLES)
    .option('--dry-run', 'build and check, but do not deploy')
    .addOption(modelOption());
  if (!parseArguments(program, argv)) return 0;
  const { dryRun = false, ...options } = program.opts<{ dryRun?: boolean; model?: string[] }>();
  const models = await readModels(options);

  await buildGallery();
  return inWorkFolder(async (folder) => {
    const config = await prepare({ models, gallery: GALLERY, out: folder });
    const bundle = join(folder, 'bundle');
    const code = await runWrangler(['deploy', '--config', config, '--dry-run', '--outdir', bundle]);
    if (code !== 0) return code;
    const { script, largestAsset } = await checkSizes(bundle, join(folder, 'gallery'));
    console.log(
      `Worker: ${mebibytes(script)} of 64 MiB. Largest file of the gallery: ${mebibytes(largestAsset)} of 25 MiB.`,
    );
    return dryRun ? 0 : runWrangler(['deploy', '--config', config]);
  });
}

runCommand(main);
