/** @module Finds tfjs-node's addon: built by `pnpm setup:tensorflow`, or downloaded into its npm package by its installer. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@latent-dogs/latent';

export const ADDON_FILE = 'tfjs_binding.node';
export const RECORD_FILE = 'setup.json';

/** The TensorFlow that `pnpm setup:tensorflow` built an addon against. */
export interface AddonRecord {
  /** TensorFlow's version. */
  tensorflow: string;
  /** The Python interpreter that has it. */
  python: string;
  /** Folder of its libraries. */
  libraries: string;
  /** Versions it was built with; null: without CUDA. */
  cuda: { cuda: string; cudnn: string } | null;
}

export interface Addon {
  file: string;
  /** Null for the library downloaded by the npm package: TensorFlow 2.9.1 with CUDA 11.2. */
  record: AddonRecord | null;
}

/** The folder that `pnpm setup:tensorflow` builds into; LATENT_DOGS_TENSORFLOW overrides it. */
export function addonFolder(): string {
  const { LATENT_DOGS_TENSORFLOW } = process.env;
  return resolve(
    LATENT_DOGS_TENSORFLOW || join(import.meta.dirname, '..', '..', '..', '..', '..', '.cache', 'tensorflow'),
  );
}

/** The folder of the npm package @tensorflow/tfjs-node-gpu. @throws UserError if it is not installed. */
export function bindingPackage(): string {
  const folder = findBindingPackage();
  if (folder !== null) return folder;
  throw new UserError('the optional package @tensorflow/tfjs-node-gpu is not installed; run pnpm install');
}

function findBindingPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch {
    return null;
  }
}

/** The addon to use; null if there is none. */
export function findAddon(): Addon | null {
  const folder = addonFolder();
  const built = join(folder, ADDON_FILE);
  if (existsSync(built)) {
    const record = JSON.parse(readFileSync(join(folder, RECORD_FILE), 'utf8')) as AddonRecord;
    return { file: built, record };
  }
  const binding = findBindingPackage();
  if (binding === null) return null;
  for (const version of [8, 9, 10]) {
    const downloaded = join(binding, 'lib', `napi-v${version}`, ADDON_FILE);
    if (existsSync(downloaded)) return { file: downloaded, record: null };
  }
  return null;
}

/** The addon to use. @throws UserError if there is none. */
export function requireAddon(): Addon {
  const addon = findAddon();
  if (addon) return addon;
  throw new UserError(
    '--backend tensorflow: TensorFlow is not set up. Set it up with: pnpm setup:tensorflow --python PATH ' +
      '(a Python with: pip install "tensorflow[and-cuda]"), or use --backend onnxruntime',
  );
}
