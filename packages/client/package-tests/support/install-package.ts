/** @module Before the tests: builds the package, packs it, and installs it in an empty folder, as a user would. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { buildPackage } from '../../build/build-package.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder outside the repository; its node_modules hold the package and nothing else. */
    installed: string;
    /** The package as `npm pack` wrote it. */
    tarball: string;
  }
}

const run = promisify(execFile);

export default async function installPackage(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'client-package-'));
  const built = join(folder, 'built');
  await buildPackage(built);
  const installed = join(folder, 'site');
  await run('npm', ['pack', '--silent', '--pack-destination', folder, built]);
  const tarball = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz'))!);
  // Nothing is downloaded: the package needs no other.
  await run('npm', ['install', '--silent', '--offline', '--no-audit', '--prefix', installed, tarball]);
  await writeFile(join(installed, 'package.json'), '{ "type": "module" }');
  project.provide('installed', installed);
  project.provide('tarball', tarball);
  return () => rm(folder, { recursive: true, force: true });
}
