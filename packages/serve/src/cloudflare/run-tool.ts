/** @module Runs the build and deploy tools with the current Node. */

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { makeFolder, takePidFile } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import { whenPackageManagerEnds } from '../package-manager.ts';
import { PACKAGE } from './wrangler-config.ts';

const END_WITH_PARENT = pathToFileURL(join(import.meta.dirname, 'end-with-parent.ts')).href;
const REPOSITORY = resolve(PACKAGE, '../..');
/** Held while the gallery is built. */
const LOCK = join(REPOSITORY, 'packages/web/.cache/build.pid');
/** Between two looks at it. */
const WAIT_MS = 200;

/** Builds the gallery unless its last build is up to date; one process at a time. @throws UserError if the build fails */
export async function buildGallery(): Promise<void> {
  const filter = '--filter=@latent-dogs/web';
  await makeFolder(dirname(LOCK));
  while ((await takePidFile(LOCK)) !== null) await setTimeout(WAIT_MS);
  const code = await runTool('turbo/bin/turbo', ['run', 'build', filter, '--output-logs=errors-only'], {
    folder: REPOSITORY,
  }).finally(() => rm(LOCK, { force: true }));
  if (code !== 0) throw new UserError('The gallery could not be built; see the output above.');
}

/** Runs wrangler; resolves with its exit code, or 0 if a signal ended it. */
export function runWrangler(args: readonly string[], environment: Record<string, string> = {}): Promise<number> {
  return runTool('wrangler/bin/wrangler.js', args, { folder: PACKAGE, environment });
}

/** What workerd says because of --gc-global (serve/local-environment.ts); it means nothing. */
const HARMLESS = /.*NOSENTRY per-isolate bootstrap compile cache failed.*\n*/g;

/** @param script path inside the node_modules of `folder` */
function runTool(
  script: string,
  args: readonly string[],
  { folder, environment = {} }: { folder: string; environment?: Record<string, string> },
): Promise<number> {
  const path = join(folder, 'node_modules', script);
  const tool = spawn(process.execPath, ['--import', END_WITH_PARENT, path, ...args], {
    cwd: folder,
    // The channel closes when this process ends, even by SIGKILL.
    stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
    env: { ...process.env, ...(process.stderr.isTTY && { FORCE_COLOR: '1' }), ...environment },
  });
  let stopping = false;
  // Once it stops, wrangler's esbuild may print the stacks of all its threads.
  tool.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (!stopping) process.stderr.write(text.replace(HARMLESS, ''));
  });
  // Ctrl-C in a terminal also signals the tool; this process only has to outlive it.
  const interrupt = () => {
    stopping = true;
  };
  const stop = () => {
    stopping = true;
    tool.kill('SIGTERM');
  };
  process.on('SIGINT', interrupt).on('SIGTERM', stop).on('SIGHUP', stop);
  whenPackageManagerEnds(stop);
  return new Promise((settle, reject) => {
    tool.once('error', reject);
    tool.once('exit', (code) => {
      process.off('SIGINT', interrupt).off('SIGTERM', stop).off('SIGHUP', stop);
      settle(stopping ? 0 : (code ?? 1));
    });
  });
}
