/** @module Runs the build and deploy tools with the current Node. */

import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { UserError } from '@latent-dogs/latent';

const PACKAGE = resolve(import.meta.dirname, '../..');
const REPOSITORY = resolve(PACKAGE, '../..');

/** Builds the gallery unless its last build is up to date. @throws UserError if the build fails */
export async function buildGallery(): Promise<void> {
  const filter = '--filter=@latent-dogs/web';
  const code = await runTool('turbo/bin/turbo', ['run', 'build', filter, '--output-logs=errors-only'], {
    folder: REPOSITORY,
  });
  if (code !== 0) throw new UserError('The gallery could not be built; see the output above.');
}

/** Runs wrangler; resolves with its exit code. */
export function runWrangler(args: readonly string[], environment: Record<string, string> = {}): Promise<number> {
  return runTool('wrangler/bin/wrangler.js', args, { folder: PACKAGE, environment });
}

/** @param script path inside the node_modules of `folder` */
function runTool(
  script: string,
  args: readonly string[],
  { folder, environment = {} }: { folder: string; environment?: Record<string, string> },
): Promise<number> {
  const tool = spawn(process.execPath, [join(folder, 'node_modules', script), ...args], {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  // Ctrl-C in a terminal also signals the tool; this process only has to outlive it.
  const ignore = () => {};
  const pass = () => tool.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  return new Promise((settle, reject) => {
    tool.once('error', reject);
    tool.once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass);
      settle(code ?? (signal === null ? 1 : 0));
    });
  });
}
