/** @module Loads TensorFlow's library into this process and registers it as a backend of TensorFlow.js. */
import { createRequire } from 'node:module';
import util from 'node:util';
import { UserError } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import { type Addon, requireAddon } from './addon.ts';
import { missingGpu } from './gpu.ts';

export type TensorflowDevice = 'cpu' | 'cuda';

/** Its name among the backends of TensorFlow.js. */
export const TENSORFLOW = 'tensorflow';

/** The part of tfjs-node's addon that is used here. */
interface Binding {
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
}

let loaded: { device: TensorflowDevice; version: string } | null = null;

/**
 * Loads TensorFlow for `device` and registers it as a backend of TensorFlow.js. A process has one TensorFlow, on one device.
 *
 * @returns TensorFlow's version.
 * @throws UserError if TensorFlow is not set up, cannot be loaded, or finds no GPU and `device` is `cuda`.
 */
export async function loadTensorflow(device: TensorflowDevice): Promise<string> {
  if (loaded?.device === device) return loaded.version;
  if (loaded) throw new Error(`TensorFlow runs on ${loaded.device} in this process; start another one for ${device}`);
  const addon = requireAddon();
  setEnvironment(device);
  const binding = loadBinding(addon);
  if (device === 'cuda' && !binding.isUsingGpuDevice()) throw new UserError(missingGpu(addon));
  registerBackend(binding);
  loaded = { device, version: binding.TF_Version };
  return loaded.version;
}

/** TensorFlow reads these variables when it is loaded. Values set by the user are kept. */
function setEnvironment(device: TensorflowDevice): void {
  if (device === 'cpu') process.env['CUDA_VISIBLE_DEVICES'] = '-1';
  // Errors only: at its start it logs much that is harmless.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Allocate memory as needed, not all of the card's.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
}

function loadBinding({ file }: Addon): Binding {
  try {
    return createRequire(import.meta.url)(file) as Binding;
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    throw new UserError(
      `--backend tensorflow: TensorFlow cannot be loaded: ${line}. Set it up again with: pnpm setup:tensorflow --python PATH`,
    );
  }
}

/**
 * Does what `require('@tensorflow/tfjs-node-gpu')` does, but with our addon and without making TensorFlow the current backend.
 * The package's index looks for the addon only in its own folder.
 */
function registerBackend(binding: Binding): void {
  // tfjs-node 4.22 uses a function that Node 23 removed, and a deprecated one.
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  const previous = tf.engine().backendName;
  const require = createRequire(import.meta.url);
  const name = '@tensorflow/tfjs-node-gpu';
  require(`${name}/dist/register_all_kernels`);
  const { NodeJSKernelBackend } = require(`${name}/dist/nodejs_kernel_backend`) as {
    NodeJSKernelBackend: new (binding: Binding, packageName: string) => tf.KernelBackend;
  };
  tf.registerBackend(TENSORFLOW, () => new NodeJSKernelBackend(binding, name));
  if (previous) void tf.setBackend(previous);
}
