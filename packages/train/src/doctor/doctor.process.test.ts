import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnosis } from './diagnose.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => rm(root, { recursive: true }));

function doctor(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number; stdout: string }> {
  const env = { ...process.env, LATENT_DOGS_TENSORFLOW: join(root, 'nothing'), ...environment };
  return new Promise((resolve) => {
    const file = join(import.meta.dirname, 'cli.ts');
    execFile(process.execPath, ['--no-warnings', file, ...args], { env }, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    );
  });
}

test.skipIf(process.platform !== 'linux')(
  'a machine without adapters, CUDA and TensorFlow: the CPU is timed, each problem has its remedy, and nothing is wrong (on Linux, where adapters can be hidden)',
  async () => {
    await writeFile(
      join(root, 'nvidia-smi'),
      '#!/bin/sh\necho "Failed to initialize NVML: Driver/library version mismatch"; exit 18\n',
    );
    await chmod(join(root, 'nvidia-smi'), 0o755);
    const { code, stdout } = await doctor(['--json'], {
      VK_ICD_FILENAMES: '/nothing',
      PATH: [root, process.env['PATH']].join(delimiter),
    });
    expect(code).toBe(0);
    const { hardware, findings, versions } = JSON.parse(stdout) as Diagnosis;
    expect(hardware).toMatchObject({
      nvidia: null,
      nvidiaProblem: 'Failed to initialize NVML: Driver/library version mismatch',
      vulkan: { drivers: [] },
    });
    expect(hardware.memory).toBeGreaterThan(2 ** 28);
    const [cpu, ...others] = findings;
    expect(cpu).toMatchObject({ backend: 'onnxruntime', device: 'cpu', works: true, problem: null, remedy: null });
    expect(cpu!.version).toBe(versions['onnxruntime-node']);
    expect(cpu!.imagesPerSecond).toBeGreaterThan(0);
    const byName = Object.fromEntries(others.map((found) => [`${found.backend}/${found.device}`, found]));
    expect(Object.keys(byName).toSorted()).toEqual([
      'onnxruntime/cuda',
      'onnxruntime/webgpu',
      'tensorflow/cpu',
      'tensorflow/cuda',
    ]);
    expect(byName['onnxruntime/webgpu']).toMatchObject({ works: false, problem: expect.stringMatching(/adapter/) });
    expect(byName['onnxruntime/cuda']!.problem).toMatch(/^libonnxruntime_providers_\w+\.so failed to load: /);
    expect(byName['onnxruntime/cuda']!.remedy).toContain('install.js');
    expect(byName['tensorflow/cpu']).toMatchObject({ version: null, problem: 'TensorFlow is not set up' });
    expect(byName['tensorflow/cuda']!.remedy).toContain('pnpm setup:tensorflow --python PATH');
  },
);
