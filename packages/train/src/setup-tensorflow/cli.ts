/** @module `pnpm setup:tensorflow`. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { parseArguments, runCommand, text } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { Command } from 'commander';
import { addonFolder, bindingPackage, requireAddon } from '../backend/tensorflow/addon.ts';
import { missingGpu } from '../backend/tensorflow/gpu.ts';
import { buildAddon } from './build-addon.ts';
import { findPythonTensorflow } from './python-tensorflow.ts';

const help = `
Two ways:
  --python PATH   use the TensorFlow of this Python: pip install "tensorflow[and-cuda]" (CUDA 12,
                  all current cards) or tensorflow-cpu. Builds a small addon; needs g++, no network.
  --download      download TensorFlow 2.9.1, the version of tfjs-node-gpu (CUDA 11.2, cuDNN 8.1).

Examples:
  $ pnpm setup:tensorflow --python ~/venv/bin/python
  $ pnpm setup:tensorflow --download
  $ pnpm train --backend tensorflow --data photos`;

interface SetupOptions {
  python?: string;
  download?: true;
}

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm setup:tensorflow')
    .usage('(--python <path> | --download)')
    .description('Sets up TensorFlow for training: pnpm train --backend tensorflow.')
    .addHelpText('after', help)
    .addOption(text('--python <path>', 'Python interpreter with TensorFlow'))
    .option('--download', 'download the library of tfjs-node-gpu');
  if (!parseArguments(program, argv)) return 0;
  const { python, download } = program.opts<SetupOptions>();
  if ((python === undefined) === (download === undefined))
    throw new UserError('give one of --python PATH (the TensorFlow of that Python) and --download (TensorFlow 2.9.1)');
  if (python === undefined) await downloadPinned();
  else await buildFor(python);
  return report();
}

async function buildFor(python: string): Promise<void> {
  const tensorflow = await findPythonTensorflow(python);
  const { version, libraries, cuda } = tensorflow;
  const built = cuda ? `built for CUDA ${cuda.cuda} and cuDNN ${cuda.cudnn}` : 'built without CUDA';
  console.log(`TensorFlow ${version}, ${built}, in ${libraries}`);
  console.log('Building the addon …');
  await buildAddon(tensorflow, python, addonFolder());
}

/** Runs the installer of tfjs-node-gpu, which `pnpm install` skips. */
async function downloadPinned(): Promise<void> {
  const folder = bindingPackage();
  const tools = [join(folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const installer = spawn(process.execPath, ['scripts/install.js', 'gpu', 'download'], {
    cwd: folder,
    env: { ...process.env, PATH: tools },
    stdio: 'inherit',
  });
  const [code] = (await once(installer, 'close')) as [number | null];
  const libraries = join(folder, 'deps', 'lib');
  if (code !== 0 || !existsSync(libraries))
    throw new UserError(
      '--download: the installer of tfjs-node-gpu failed (see above); it downloads from storage.googleapis.com; ' +
        'without network, use an installed TensorFlow: pnpm setup:tensorflow --python PATH',
    );
  // A previously built addon would take precedence.
  await rm(addonFolder(), { recursive: true, force: true });
}

/** Loads the addon in a child process and prints what it found. */
async function report(): Promise<number> {
  const addon = requireAddon();
  const script =
    'const b = require(process.argv[1]); console.log(JSON.stringify([b.TF_Version, b.isUsingGpuDevice()]))';
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, addon.file]).catch((error: Error) => {
    throw new UserError(`the addon was built, but TensorFlow cannot be loaded: ${error.message.split('\n').at(-1)}`);
  });
  const [version, gpu] = JSON.parse(stdout) as [string, boolean];
  console.log(`TensorFlow ${version} is set up: ${addon.file}`);
  if (gpu) console.log('It finds a GPU. Train on it with: pnpm train --backend tensorflow');
  else {
    console.log(missingGpu(addon));
    console.log('Train on the CPU with: pnpm train --backend tensorflow --device cpu');
  }
  return 0;
}

runCommand(main);
