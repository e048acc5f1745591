/** @module Compiles tfjs-node's addon against a TensorFlow installed by pip. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '@latent-dogs/latent';
import { ADDON_FILE, type AddonRecord, bindingPackage, RECORD_FILE } from '../backend/tensorflow/addon.ts';
import { LIBRARIES, type PythonTensorflow } from './python-tensorflow.ts';

/** Node-API version of Node 16 and later; the addon needs no newer one. */
const NAPI_VERSION = 8;

/** Builds into `folder`; an existing addon is replaced only on success. @throws UserError with the compiler's error. */
export async function buildAddon(tensorflow: PythonTensorflow, python: string, folder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const headers = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  const binding = join(bindingPackage(), 'binding');
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `.${process.pid}-${ADDON_FILE}`);
  try {
    await compile([
      ...['-std=c++17', '-O2', '-shared', '-fPIC', '-w', `-DNAPI_VERSION=${NAPI_VERSION}`],
      `-DCUDA_LIBRARY_FOLDERS="${tensorflow.cudaFolders.join(':')}"`,
      ...['-I', tensorflow.include, '-I', headers],
      join(binding, 'tfjs_backend.cc'),
      join(binding, 'tfjs_binding.cc'),
      join(import.meta.dirname, 'cuda-libraries.cc'),
      ...['-L', tensorflow.libraries, ...LIBRARIES.map((file) => `-l:${file}`), '-ldl'],
      `-Wl,-rpath,${tensorflow.libraries}`,
      ...['-o', unfinished],
    ]);
    await rename(unfinished, join(folder, ADDON_FILE));
  } finally {
    await rm(unfinished, { force: true });
  }
  const { version, libraries, cuda } = tensorflow;
  const record: AddonRecord = { tensorflow: version, python, libraries, cuda };
  await writeFile(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
}

async function compile(flags: readonly string[]): Promise<void> {
  const compiler = process.env['CXX'] ?? 'g++';
  try {
    await promisify(execFile)(compiler, flags, { maxBuffer: 1e8 });
  } catch (error) {
    const { code, stderr = '', message } = error as { code?: string; stderr?: string; message: string };
    if (code === 'ENOENT')
      throw new UserError(
        `there is no C++ compiler '${compiler}'; install one (Debian, Ubuntu: apt install g++), or set CXX`,
      );
    const problem = stderr.split('\n').find((line) => /error|undefined|cannot find/.test(line)) ?? message;
    throw new UserError(`'${compiler}' could not build the addon: ${problem}`);
  }
}
