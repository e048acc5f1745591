import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Checkpoint } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  clearLeftovers,
  dropCheckpointsAfter,
  latestCheckpoint,
  pruneCheckpoints,
  readCheckpoint,
  rollbackCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(run, { recursive: true }));

function make(imagesSeen: number, healthy = true): Checkpoint {
  const tensors = {
    'G/weight': { shape: [2, 2], data: Float32Array.of(imagesSeen, 0.1, Number.NaN, -0) },
    'D/bias': { shape: [1], data: Float32Array.of(-imagesSeen) },
  };
  return { imagesSeen, healthy, tensors, state: { rng: [1, -2, 3], order: { epoch: 1, position: imagesSeen } } };
}

const seen = () => readdir(join(run, 'checkpoints')).then((names) => names.sort().map(Number));
const latestFile = () => readFile(join(run, 'latest'), 'utf8').then((text) => text.trim());

async function latestSeen(options?: Parameters<typeof latestCheckpoint>[1]) {
  return (await latestCheckpoint(run, options))?.imagesSeen ?? null;
}

test('a written checkpoint is read back', async () => {
  const folder = await writeCheckpoint(run, make(640));
  expect(folder).toBe(join(run, 'checkpoints', '000000640'));
  expect(await readCheckpoint(folder)).toEqual(make(640));
  expect(await latestCheckpoint(run)).toEqual(make(640));
  expect(await latestFile()).toBe('checkpoints/000000640');
});

test('the newest is the one with the most images, also beyond nine digits; null if there is none', async () => {
  expect(await latestCheckpoint(run)).toBeNull();
  for (const n of [640, 2_000_000_000, 1_280]) await writeCheckpoint(run, make(n));
  expect(await latestSeen()).toBe(2_000_000_000);
});

test('one with the same number of images is replaced', async () => {
  await writeCheckpoint(run, make(640));
  const other = { ...make(640, false), state: { other: true } };
  await writeCheckpoint(run, other);
  expect(await latestCheckpoint(run)).toEqual(other);
  expect(await seen()).toEqual([640]);
});

describe('a damaged checkpoint', () => {
  const damages: [string, (folder: string) => Promise<unknown>][] = [
    ['weights cut off', (folder) => truncate(join(folder, 'weights.safetensors'), 100)],
    ['weights gone', (folder) => rm(join(folder, 'weights.safetensors'))],
    ['one bit of the weights flipped', (folder) => flipBit(join(folder, 'weights.safetensors'))],
    ['one bit of the state flipped', (folder) => flipBit(join(folder, 'state.json'))],
    ['manifest cut off', (folder) => truncate(join(folder, 'manifest.json'), 20)],
    ['manifest empty', (folder) => truncate(join(folder, 'manifest.json'), 0)],
    ['manifest without digests', (folder) => writeFile(join(folder, 'manifest.json'), '{"format": 1}')],
    ['no manifest', (folder) => rm(join(folder, 'manifest.json'))],
  ];

  test.each(damages)('%s: the previous one is used, and the damage is reported', async (_, damage) => {
    await writeCheckpoint(run, make(640));
    const folder = await writeCheckpoint(run, make(1_280));
    await damage(folder);
    await expect(readCheckpoint(folder)).rejects.toThrow(UserError);
    const passedOver: string[] = [];
    const found = await latestCheckpoint(run, { onDamaged: (at, reason) => passedOver.push(`${at}: ${reason}`) });
    expect(found).toEqual(make(640));
    expect(passedOver).toEqual([expect.stringContaining('000001280')]);
  });

  test('under the name of another is refused', async () => {
    const folder = await writeCheckpoint(run, make(640));
    await rename(folder, join(run, 'checkpoints', '000009999'));
    expect(await latestSeen()).toBeNull();
  });

  async function flipBit(file: string) {
    const bytes = await readFile(file);
    const at = bytes.length - 3;
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(file, bytes);
  }
});

describe('rolling back', () => {
  test('goes to the newest healthy one', async () => {
    for (const [n, healthy] of [
      [1, true],
      [2, true],
      [3, false],
      [4, false],
    ] as const) {
      await writeCheckpoint(run, make(n, healthy));
    }
    expect(await latestSeen({ healthy: true })).toBe(2);
    expect(await latestSeen()).toBe(4);
    await dropCheckpointsAfter(run, 2);
    expect(await seen()).toEqual([1, 2]);
    expect(await latestFile()).toBe('checkpoints/000000002');
  });

  test('goes further back if the last roll-back did not help, if there is an older checkpoint', async () => {
    const target = async (inVain: number | null) => (await rollbackCheckpoint(run, inVain))?.imagesSeen ?? null;
    expect(await target(null)).toBeNull();
    for (const n of [0, 100, 200]) await writeCheckpoint(run, make(n));
    await writeCheckpoint(run, make(300, false));
    expect(await target(null)).toBe(200);
    expect(await target(100)).toBe(200);
    expect(await target(200)).toBe(100);
    await dropCheckpointsAfter(run, 100);
    expect(await target(100)).toBe(0);
    await dropCheckpointsAfter(run, 0);
    expect(await target(0)).toBe(0);
  });

  test('finds a healthy one after any number of prunings', async () => {
    await writeCheckpoint(run, make(1));
    await writeCheckpoint(run, make(2));
    for (let n = 3; n <= 9; n++) {
      await writeCheckpoint(run, make(n, false));
      await pruneCheckpoints(run);
    }
    expect(await seen()).toEqual([2, 7, 8, 9]);
  });
});

test('leftovers of a kill are not read, and removed at the next start', async () => {
  await writeCheckpoint(run, make(640));
  const all = join(run, 'checkpoints');
  for (const name of ['.tmp-000001280-77', '.tmp-removed-000000320', '.replaced-000000640']) {
    await mkdir(join(all, name));
    await writeFile(join(all, name, 'weights.safetensors'), 'half');
  }
  await writeFile(join(run, 'latest.tmp-77'), 'check');
  expect(await latestSeen()).toBe(640);
  await clearLeftovers(run);
  expect(await readdir(all)).toEqual(['000000640']);
  expect((await readdir(run)).sort()).toEqual(['checkpoints', 'latest']);
});

test('killed during a replacement, the old one is restored', async () => {
  const folder = await writeCheckpoint(run, make(640));
  await rename(folder, join(run, 'checkpoints', '.replaced-000000640'));
  await clearLeftovers(run);
  expect(await latestCheckpoint(run)).toEqual(make(640));
});

test('a run without checkpoints has nothing to clean up', async () => {
  await clearLeftovers(run);
  await pruneCheckpoints(run);
  await dropCheckpointsAfter(run, 0);
  expect(await readdir(run)).toEqual([]);
});

test('killed at any moment of writing, pruning or replacing, an intact one at least as new as the last finished is left', {
  tags: 'slow',
}, async () => {
  // Writes checkpoints filled with their number, as fast as possible, and prints each number when finished.
  const writer = `
    import { writeSync } from 'node:fs';
    import { writeCheckpoint, pruneCheckpoints } from ${JSON.stringify(new URL('./checkpoint.ts', import.meta.url).href)};
    const data = new Float32Array(500_000);
    for (let n = Number(process.argv[2]); ; n++) {
      data.fill(n);
      // Every third is written twice: the second replaces the first.
      for (let times = 0; times < (n % 3 === 0 ? 2 : 1); times++) {
        const tensors = { a: { shape: [data.length], data }, b: { shape: [7], data: data.subarray(0, 7) } };
        await writeCheckpoint(process.argv[1], { imagesSeen: n, healthy: true, tensors, state: { n } });
      }
      await pruneCheckpoints(process.argv[1], { keep: 2 });
      writeSync(1, n + '\\n');
    }`;
  let start = 1;
  for (let round = 0; round < 12; round++) {
    const args = ['--input-type=module', '--eval', writer, run, String(start)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = new Promise((resolve) => child.once('close', resolve));
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    while (!said.includes('\n')) await setTimeout(1);
    await setTimeout(Math.random() * 60);
    child.kill('SIGKILL');
    await closed;

    await clearLeftovers(run);
    const last = Number(said.trim().split('\n').at(-1));
    const found = (await latestCheckpoint(run, { onDamaged: (_, reason) => expect.fail(reason) }))!;
    expect(found.imagesSeen).toBeGreaterThanOrEqual(last);
    expect(found.imagesSeen).toBeLessThanOrEqual(last + 1);
    expect(found.state).toEqual({ n: found.imagesSeen });
    expect(found.tensors.a!.data.every((value) => value === found.imagesSeen)).toBe(true);
    expect((await stat(join(run, await latestFile()))).isDirectory()).toBe(true);
    start = found.imagesSeen + 1;
  }
});
