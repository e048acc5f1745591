import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { photoFolder, runTraining } from '../train/training-process.fixture.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'choose-'));
  await photoFolder(join(root, 'photos'), 4);
  // A machine without graphics adapters and without TensorFlow.
  vi.stubEnv('VK_ICD_FILENAMES', '/nothing');
  vi.stubEnv('LATENT_DOGS_TENSORFLOW', join(root, 'nothing'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const train = (...args: string[]) =>
  runTraining(root, ['--channels', '8', '--data', 'photos', '--images', '32', ...args]);

test.skipIf(process.platform !== 'linux').each([
  [
    ['--device', 'webgpu'],
    /^error: --backend onnxruntime --device webgpu does not work on this machine: Failed to get a WebGPU adapter: [^/]*\. Install the graphics card's driver .*, or use --device cpu$/m,
  ],
  [
    ['--device', 'cuda', '--backend', 'onnxruntime'],
    /^error: --backend onnxruntime --device cuda does not work on this machine: libonnxruntime_providers_shared\.so failed to load: .*\. Install the CUDA provider, /m,
  ],
  [
    ['--backend', 'tensorflow'],
    /^error: --backend tensorflow --device cuda does not work on this machine: TensorFlow is not set up\. Set it up with: pnpm setup:tensorflow --python PATH/m,
  ],
])(
  '%s: if it cannot work, the error has reason and remedy, exit code 1, and no run is created (on Linux, where adapters can be hidden)',
  async (args, message) => {
    const { code, stderr } = await train(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    // No stack trace.
    expect(stderr).not.toMatch(/^\s+at .*\.(ts|js):\d/m);
    expect(existsSync(join(root, 'runs'))).toBe(false);
  },
);
