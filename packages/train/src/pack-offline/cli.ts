/** @module `pnpm --filter @latent-dogs/train pack:offline`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, cp, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArguments, runCommand, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command } from 'commander';
import { bundleTrainer } from './bundle.ts';
import { readme } from './readme.ts';

const NAME = 'latent-dogs-linux-x64';

const examples = `
Examples:
  $ pnpm --filter @latent-dogs/train pack:offline --out /tmp/trainer.tar.xz
  $ pnpm --filter @latent-dogs/train pack:offline --data ~/photos
Then, on the other machine:
  $ tar -xf ${NAME}.tar.xz && cd ${NAME} && ./train`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm --filter @latent-dogs/train pack:offline')
    .usage('[options]')
    .description(
      'Packs the trainer and its dependencies, including Node, into one archive for x86-64 Linux without network.',
    )
    .addHelpText('after', examples)
    .addOption(text('--out <file>', `the archive (default: ${NAME}.tar.xz)`))
    .addOption(text('--data <path>', 'folder or .zip of photos to include'));
  if (!parseArguments(program, argv)) return 0;
  const { out = `${NAME}.tar.xz`, data } = program.opts<{ out?: string; data?: string }>();
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new UserError('the archive contains the Node of this machine; pack it on x86-64 Linux');
  // pnpm starts scripts in the package's folder; INIT_CWD is the user's current folder.
  const from = process.env['INIT_CWD'] ?? '.';
  const archive = resolve(from, out);
  const scratch = await mkdtemp(join(tmpdir(), 'pack-offline-'));
  try {
    await assemble(join(scratch, NAME), data === undefined ? null : resolve(from, data));
    await compress(scratch, archive);
  } finally {
    await rm(scratch, { recursive: true });
  }
  console.log(`${archive}: ${((await stat(archive)).size / 1e6).toFixed(1)} MB`);
  return 0;
}

async function assemble(folder: string, data: string | null): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await copyFile(process.execPath, join(folder, 'bin', 'node'));
  await bundleTrainer(join(folder, 'lib'));
  await launcher(join(folder, 'train'), 'train.mjs');
  await launcher(join(folder, 'doctor'), 'doctor.mjs');
  const photos = data === null ? null : await takePhotos(data, folder);
  await writeFile(join(folder, 'README.md'), readme({ node: process.versions.node, photos }));
}

/** Writes a shell script that starts a bundle next to it. */
async function launcher(file: string, script: string): Promise<void> {
  const lines = [
    '#!/bin/sh',
    // The folder of this file.
    'here=$(dirname "$0")',
    `exec "$here/bin/node" --no-warnings "$here/lib/${script}" "$@"`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o755);
}

/** Copies the photos under their own name, which appears in the names of runs. */
async function takePhotos(data: string, folder: string): Promise<string> {
  const name = basename(data);
  await cp(data, join(folder, name), { recursive: true, dereference: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new UserError(`--data: '${data}' does not exist; give a folder or .zip of photos`);
    throw error;
  });
  return name;
}

async function compress(scratch: string, archive: string): Promise<void> {
  await mkdir(dirname(archive), { recursive: true });
  const unfinished = `${archive}.part`;
  const tar = spawn('tar', ['-C', scratch, '--owner=0', '--group=0', '--sort=name', '-cJf', unfinished, NAME], {
    // -T0: all cores.
    env: { ...process.env, XZ_OPT: '-T0 -6' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(tar, 'close').catch((error: Error) => {
    throw new UserError(`tar cannot be started: ${error.message}; install tar and xz`);
  })) as [number];
  if (code !== 0) {
    await rm(unfinished, { force: true });
    throw new UserError('tar could not write the archive (see above); it needs xz and disk space');
  }
  await rename(unfinished, archive);
}

runCommand(main);
