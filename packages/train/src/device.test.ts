import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { photoFolder, runTraining, SMALL } from './training-process.fixture.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.skipIf(process.platform !== 'linux')(
  '--device webgpu without an adapter ends with what to do and exit code 1 (on Linux, where adapters can be hidden)',
  async () => {
    vi.stubEnv('VK_ICD_FILENAMES', '/nothing');
    const root = await mkdtemp(join(tmpdir(), 'device-'));
    try {
      await photoFolder(join(root, 'photos'));
      const { code, stdout, stderr } = await runTraining(root, [
        ...SMALL,
        ...['--data', 'photos', '--images', '8', '--device', 'webgpu'],
      ]);
      expect(code).toBe(1);
      expect(stdout).not.toMatch(/D_loss/);
      expect(stderr).toMatch(
        /^error: --device webgpu does not work on this machine: Failed to get a WebGPU adapter: [^/]*\. Use --device cpu, or install/m,
      );
      // No stack trace.
      expect(stderr).not.toMatch(/^\s+at .*\.(ts|js):\d/m);
    } finally {
      await rm(root, { recursive: true });
    }
  },
);
