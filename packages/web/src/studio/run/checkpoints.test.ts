import type { Checkpoint } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { Killed, type Life, MemoryFolder } from '../storage/memory-folder.fixture.ts';
import { Checkpoints } from './checkpoints.ts';

const checkpoint = (imagesSeen: number, healthy = true, value = imagesSeen): Checkpoint => ({
  imagesSeen,
  healthy,
  tensors: { w: { shape: [3], data: Float32Array.of(1, 2, value) } },
  state: { step: imagesSeen },
});

const immortal = (): Life => ({ left: Number.POSITIVE_INFINITY });

test('what was written is read', async () => {
  const checkpoints = new Checkpoints(new MemoryFolder(immortal()).asFolder());
  expect(await checkpoints.newest()).toBeNull();
  for (const seen of [0, 8, 16]) await checkpoints.write(checkpoint(seen));
  expect(await checkpoints.newest()).toEqual(checkpoint(16));
});

test('killed at any operation of writing, replacing and pruning, a whole one at least as new as the last finished is left', async () => {
  const plan = [
    checkpoint(0),
    checkpoint(8),
    checkpoint(8, true, 9),
    checkpoint(16, false),
    checkpoint(24),
    checkpoint(32),
  ];
  for (let operations = 1; ; operations++) {
    const life = { left: operations };
    const folder = new MemoryFolder(life);
    let finished = -1;
    try {
      for (const [i, one] of plan.entries()) {
        await new Checkpoints(folder.asFolder()).write(one);
        finished = i;
      }
    } catch (error) {
      expect(error).toBeInstanceOf(Killed);
    }
    life.left = Number.POSITIVE_INFINITY;
    const after = new Checkpoints(folder.asFolder());
    const newest = await after.newest();
    if (finished >= 0) expect([plan[finished], plan[finished + 1]], String(operations)).toContainEqual(newest);
    await after.clearLeftovers();
    expect(await after.newest()).toEqual(newest);
    for (const name of await folder.names())
      expect(await after.newest(({ imagesSeen }) => imagesSeen === Number(name.split('-')[0])), name).not.toBeNull();
    if (finished === plan.length - 1) return;
  }
});

test('the newest and two healthy ones are kept, and a roll-back can go further back', async () => {
  const folder = new MemoryFolder(immortal());
  const checkpoints = new Checkpoints(folder.asFolder());
  for (const seen of [0, 8, 16]) await checkpoints.write(checkpoint(seen));
  for (const seen of [24, 32]) await checkpoints.write(checkpoint(seen, false));
  expect(await folder.names()).toEqual(['000000008-0', '000000016-0', '000000032-0']);
  expect((await checkpoints.rollback(null))!.imagesSeen).toBe(16);
  expect((await checkpoints.rollback(16))!.imagesSeen).toBe(8);
  await checkpoints.dropAfter(8);
  expect((await checkpoints.newest())!.imagesSeen).toBe(8);
  // The only one left is better than none.
  expect((await checkpoints.rollback(8))!.imagesSeen).toBe(8);
});

test('one that was damaged is passed over', async () => {
  const folder = new MemoryFolder(immortal());
  const checkpoints = new Checkpoints(folder.asFolder());
  for (const seen of [0, 8]) await checkpoints.write(checkpoint(seen));
  const weights = (await (await folder.folder('000000008-0')).read('weights.safetensors'))!;
  weights[weights.length - 1]! ^= 1;
  expect((await checkpoints.newest())!.imagesSeen).toBe(0);
});
