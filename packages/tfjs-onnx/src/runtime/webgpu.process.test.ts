import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { difference } from '../testing/compare.ts';
import { vulkanEnvironment } from '../testing/software-vulkan.ts';
import { smallGan } from '../testing/training-step.ts';

interface Outcome {
  readonly losses: number[];
  readonly parameters: Record<string, number[]>[];
  readonly swapped: Record<string, number[]>;
  readonly pixels: number[];
}

const fixture = fileURLToPath(new URL('webgpu.fixture.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vulkan-'));
const environment = vulkanEnvironment(folder);

afterAll(() => rmSync(folder, { recursive: true }));

/** In a process of its own: a provider that fails may take the process with it. */
function outcome(provider: string, convolution: string, precision = 'fp32'): Outcome {
  const run = () =>
    spawnSync(process.execPath, [fixture, provider, convolution, precision], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
  let ended = run();
  // The software driver has been seen to crash on a busy machine, with nothing said; what is tested are the numbers.
  if (ended.signal === 'SIGSEGV') {
    console.warn(`${provider}, ${convolution}: the process crashed (SIGSEGV) and is run once more`);
    ended = run();
  }
  const { status, signal, stdout, stderr } = ended;
  if (status !== 0) throw new Error(`${provider} ended with ${status ?? signal}: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

// A software adapter compiles some hundred shaders on the CPU.
const TIMEOUT = 400_000;

describe.skipIf(!environment)(
  "training on WebGPU (needs Linux on x64, Debian's Chromium, or a Vulkan driver in VK_ICD_FILENAMES)",
  () => {
    test.each(['conv', 'gemm'])(
      'comes to what it comes to on the CPU, %s',
      (convolution) => {
        const [cpu, webgpu] = [outcome('cpu', convolution), outcome('webgpu', convolution)];
        expect(webgpu.losses).toHaveLength(12);
        for (const [i, loss] of cpu.losses.entries()) expect(webgpu.losses[i]).toBeCloseTo(loss, 4);
        const { specs } = smallGan();
        for (const i of cpu.parameters.keys()) {
          for (const [name, { shape }] of Object.entries(specs)) {
            const result = ({ parameters: all }: Outcome) => ({ shape, data: Float32Array.from(all[i]![name]!) });
            expect(difference(result(webgpu), result(cpu), 1e-3), `${name}, reading ${i}`).toBeUndefined();
          }
        }
        // State that was written again has no memory of what was there.
        expect(webgpu.parameters[1]).toEqual(webgpu.parameters[0]);
        expect(webgpu.swapped).toEqual({ a: [3, 4], b: [1, 2], c: [5 + 1 + 3 + 1, 6 + 2 + 4 + 2] });
        expect(cpu.swapped).toEqual(webgpu.swapped);
        const bytes = [0, 1, 127, 128, 254, 255];
        for (const { pixels } of [webgpu, cpu]) {
          expect(pixels.slice(6)).toEqual(bytes.map((byte) => byte + 1));
          for (const [i, byte] of bytes.entries()) expect(pixels[i]).toBeCloseTo(byte / 127.5 - 1, 5);
        }
      },
      TIMEOUT,
    );

    test(
      'in mixed precision comes near to it, or says that the adapter has no float16, as SwiftShader has none',
      () => {
        const webgpu = attempt(() => outcome('webgpu', 'conv', 'mixed'));
        if (webgpu instanceof Error) {
          expect(webgpu.message).toMatch(/Program \w+ requires f16 but the device does not support it/);
          return;
        }
        const { losses } = outcome('cpu', 'conv');
        for (const [i, loss] of losses.entries()) expect(Math.abs(webgpu.losses[i]! - loss)).toBeLessThan(0.02);
      },
      TIMEOUT,
    );
  },
);

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}
