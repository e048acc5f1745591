import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Checkpoint, LogLine } from '@latent-dogs/dcgan';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bestCheckpoint, nameBest, noBestCheckpoint } from './best-checkpoint.ts';
import { clearLeftovers, latestCheckpoint, pruneCheckpoints, writeCheckpoint } from './checkpoint.ts';
import { FolderStore } from './folder-store.ts';
import { openLog, truncateLog } from './log.ts';
import { RunReport } from './report/report.ts';
import { Room } from './room.ts';

const room = new Room({ folder: tmpdir(), say: () => {}, shouldStop: () => false });

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'best-'));
});
afterEach(() => rm(run, { recursive: true }));

const tensors = { a: { shape: [1], data: Float32Array.of(1) } };
const checkpoint = (imagesSeen: number): Checkpoint => ({ imagesSeen, healthy: true, tensors, state: {} });
const line = (imagesSeen: number, metrics?: Record<string, number>): LogLine => ({
  ...{ imagesSeen, step: imagesSeen, epoch: 1, imagesPerSecond: 1, seconds: 1 },
  ...(metrics ? { metrics } : {}),
});
const measured = (imagesSeen: number, distance: number) =>
  line(imagesSeen, { 'swd.mean': 10 * distance, frechetRandom: distance / 10 });

const kept = async () => (await readdir(join(run, 'checkpoints'))).sort().map(Number);
const bestFile = async () => {
  if (!existsSync(join(run, 'best'))) return null;
  const path = (await readFile(join(run, 'best'), 'utf8')).trim();
  expect(existsSync(join(run, path, 'manifest.json')), path).toBe(true);
  return Number(basename(path));
};

/** Distances at 1, 2, …; null: a checkpoint without an evaluation. */
async function trainOn(store: FolderStore, distances: readonly (number | null)[], from = 1): Promise<void> {
  for (const [i, distance] of distances.entries()) {
    if (distance !== null) store.log(measured(from + i, distance));
    await store.writeCheckpoint(checkpoint(from + i));
  }
}

test.each<[string, (number | null)[], number | null, number[]]>([
  ['the closest to the photos is kept beside the newest three', [5, 2, 4, 4, 4, 4, 4], 2, [2, 5, 6, 7]],
  ['a better one replaces it', [5, 2, 4, 4, 4, 1, 4, 4, 4], 6, [6, 7, 8, 9]],
  ['of two that are equal the earlier is named', [5, 2, 4, 2, 4, 4, 4], 2, [2, 5, 6, 7]],
  ['checkpoints without an evaluation are never the best', [5, null, 4, null, null, null], 3, [3, 4, 5, 6]],
  ['without evaluations there is none', [null, null, null, null], null, [2, 3, 4]],
  ['an evaluation without a finite value does not count', [Number.NaN, 5, Number.NaN], 2, [1, 2, 3]],
])('%s', async (_, distances, best, folders) => {
  const store = await FolderStore.open(run, 64, room);
  await trainOn(store, distances);
  expect(await bestFile()).toBe(best);
  expect(await kept()).toEqual(folders);
  expect((await bestCheckpoint(run))?.imagesSeen ?? null).toBe(best);
});

test('both figures count: a tenth less of one outweighs a twentieth more of the other', async () => {
  const store = await FolderStore.open(run, 64, room);
  for (const [imagesSeen, swd, frechetRandom] of [
    [1, 20, 0.2],
    [2, 21, 0.18],
    [3, 18, 0.23],
  ] as const) {
    store.log(line(imagesSeen, { 'swd.mean': swd, frechetRandom }));
    await store.writeCheckpoint(checkpoint(imagesSeen));
  }
  expect(await bestFile()).toBe(2);
});

test('after a roll-back the best is one that still exists', async () => {
  const store = await FolderStore.open(run, 64, room);
  await trainOn(store, [5, 3, 4, 1, 6]);
  expect(await bestFile()).toBe(4);
  await store.truncateAfter(3);
  expect(await bestFile()).toBe(3);
  await trainOn(store, [7, 7], 4);
  expect(await bestFile()).toBe(3);
  await store.truncateAfter(0);
  expect(await bestFile()).toBeNull();
});

test('killed at any instant and resumed, a run has the best and the checkpoints of an unbroken one', async () => {
  const distances = [5, 2, 4, 3, 6, 1, 4, 5, 6, 7];
  const whole = await FolderStore.open(run, 64, room);
  await trainOn(whole, distances);
  const expected = [await bestFile(), await kept()];
  expect(expected).toEqual([6, [6, 8, 9, 10]]);

  // What FolderStore does at a checkpoint, step by step; killed after `instant` of them.
  for (const images of [1, 6, 7, 10]) {
    for (let instant = 0; instant <= 4; instant++) {
      await rm(run, { recursive: true });
      run = await mkdtemp(join(tmpdir(), 'best-'));
      const killed = await FolderStore.open(run, 64, room);
      await trainOn(killed, distances.slice(0, images - 1));
      if (instant > 0) killed.log(measured(images, distances[images - 1]!));
      if (instant > 1) await writeCheckpoint(run, checkpoint(images));
      const report = await RunReport.open(run);
      const best = instant > 2 ? await nameBest(run, report.distances) : null;
      if (instant > 3) await pruneCheckpoints(run, { best });
      await bestFile();

      await clearLeftovers(run);
      const from = (await latestCheckpoint(run))?.imagesSeen ?? 0;
      await truncateLog(run, from);
      const resumed = await FolderStore.open(run, 64, room);
      expect(await bestFile()).toBe(from === 0 ? null : distances.indexOf(Math.min(...distances.slice(0, from))) + 1);
      await trainOn(resumed, distances.slice(from), from + 1);
      expect([await bestFile(), await kept()], `killed at ${images}, after ${instant}`).toEqual(expected);
    }
  }
});

test('a run of an earlier version: the best of the checkpoints that it still has, and `best` once it is resumed', async () => {
  for (const n of [3, 4, 5]) await writeCheckpoint(run, checkpoint(n));
  const log = openLog(run);
  // 1 was better, but is gone.
  log.append(measured(1, 1), measured(3, 3), measured(4, 2), line(5));
  log.close();
  expect((await bestCheckpoint(run))!.imagesSeen).toBe(4);
  expect(await bestFile()).toBeNull();
  await FolderStore.open(run, 64, room);
  expect(await bestFile()).toBe(4);
});

test('a damaged best is passed over, and reported', async () => {
  const store = await FolderStore.open(run, 64, room);
  await trainOn(store, [2, 1, 3]);
  await truncate(join(run, 'checkpoints', '000000002', 'weights.safetensors'), 10);
  const damaged: string[] = [];
  const found = await bestCheckpoint(run, (folder) => damaged.push(basename(folder)));
  expect(found!.imagesSeen).toBe(1);
  expect(damaged).toEqual(['000000002']);
});

test('the error where no checkpoint was evaluated lists those that exist', async () => {
  for (const n of [3, 4]) await writeCheckpoint(run, checkpoint(n));
  expect(await bestCheckpoint(run)).toBeNull();
  expect((await noBestCheckpoint(run)).message).toMatch(/^--checkpoint: .* give latest or .*; there are 3, 4$/);
});
