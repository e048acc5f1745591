import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vulkanEnvironment } from '@latent-dogs/tfjs-onnx/testing/software-vulkan';
import { afterAll, describe, expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('webgpu-placement.fixture.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vulkan-'));
const environment = vulkanEnvironment(folder);

afterAll(() => rmSync(folder, { recursive: true }));

/** Numbers of nodes by provider, and the operators of those on the CPU. */
function placement(settings: object): { webgpu: number; onCpu: string[] } {
  const open = () =>
    spawnSync(process.execPath, [fixture, JSON.stringify(settings)], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      maxBuffer: 2 ** 28,
    });
  let ended = open();
  // The software driver has been seen to crash on a busy machine; what is tested is where nodes are placed.
  if (ended.signal === 'SIGSEGV') ended = open();
  const { status, signal, stderr } = ended;
  if (status !== 0) throw new Error(`${status ?? signal}: ${stderr.slice(-2000)}`);
  let onWebgpu = false;
  let webgpu = 0;
  const onCpu: string[] = [];
  for (const line of stderr.split('\n')) {
    // `All nodes placed on [WebGpuExecutionProvider]. Number of nodes: 1275`, or `Node(s) placed on` with a list after it.
    const [, provider, count] = /placed on \[(\w+)\]. Number of nodes: (\d+)/.exec(line) ?? [];
    if (provider) onWebgpu = provider === 'WebGpuExecutionProvider';
    if (onWebgpu) webgpu += Number(count ?? 0);
    // `  Sign (Sign_1182)`
    const [, operator] = /VerifyEachNodeIsAssignedToAnEp\]\s+(\w+) \(.*\)/.exec(line) ?? [];
    if (operator && !onWebgpu) onCpu.push(operator);
  }
  return { webgpu, onCpu };
}

const SMALL = { channels: 8, latent: 8, batch: 2 };

describe.skipIf(!environment)(
  "a training's nodes run on WebGPU, none on the CPU (needs Linux on x64, Debian's Chromium, or a Vulkan driver in VK_ICD_FILENAMES)",
  () => {
    test.each([
      ['dogs', {}],
      ['dogs', { size: 128, channels: 32 }],
      ['dogs', { loss: 'hinge', spectral: true, normD: 'none', r1: 1 }],
      ['dogs', { loss: 'relativistic', attention: 32, augment: ['color', 'translation', 'cutout'] }],
      ['dogs', { loss: 'bce-clamped', upsample: 'transposed', holdOut: 0.1 }],
      ['paper', {}],
    ])(
      '%s %j',
      (preset, changes) => {
        const { webgpu, onCpu } = placement({ preset, ...SMALL, ...changes });
        expect(webgpu).toBeGreaterThan(500);
        expect(onCpu).toEqual([]);
      },
      120_000,
    );
  },
);
