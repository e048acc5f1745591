import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evenly, writeTimelapse } from './timelapse.ts';

let run: string;
let model: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'timelapse-'));
  model = join(run, 'model');
  await mkdir(join(model, 'timelapse'), { recursive: true });
});
afterEach(() => rm(run, { recursive: true }));

/** A sheet as training writes it, 8 x 8 pictures: the upper left quarter one colour, the rest another. */
const sheet = (name: string, background: string) =>
  sharp({ create: { width: 512, height: 512, channels: 3, background: 'white' } })
    .composite([{ input: { create: { width: 256, height: 256, channels: 3, background } }, left: 0, top: 0 }])
    .png()
    .toFile(join(run, name));

test('the upper left corner of each sheet up to the checkpoint, in order of training', async () => {
  await sheet('fakes-000000.png', 'black');
  await sheet('fakes-1000000.png', 'blue');
  await sheet('fakes-020000.png', 'red');
  await sheet('fakes-1020000.png', 'green');
  await sheet('reals.png', 'green');
  const frames = await writeTimelapse(run, model, { size: 64, imagesSeen: 1_000_000 });
  expect(frames).toEqual([
    { file: 'timelapse/000000000.webp', imagesSeen: 0 },
    { file: 'timelapse/000020000.webp', imagesSeen: 20_000 },
    { file: 'timelapse/001000000.webp', imagesSeen: 1_000_000 },
  ]);
  const { width, height } = await sharp(join(model, frames[1]!.file)).metadata();
  expect([width, height]).toEqual([256, 256]);
  const { channels } = await sharp(join(model, frames[1]!.file)).stats();
  expect(channels[0]!.mean).toBeGreaterThan(240);
  expect(channels[1]!.mean).toBeLessThan(15);
});

test('a run without sheets has no time-lapse', async () => {
  expect(await writeTimelapse(run, model, { size: 64, imagesSeen: 1000 })).toEqual([]);
});

test('of many sheets both ends and ten between them are taken', () => {
  const chosen = evenly(
    Array.from({ length: 1001 }, (_, i) => i),
    12,
  );
  expect(chosen).toHaveLength(12);
  expect([chosen[0], chosen.at(-1)]).toEqual([0, 1000]);
  const steps = chosen.slice(1).map((value, i) => value - chosen[i]!);
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
  expect(evenly([1, 2, 3], 12)).toEqual([1, 2, 3]);
  expect(
    new Set(
      evenly(
        Array.from({ length: 13 }, (_, i) => i),
        12,
      ),
    ).size,
  ).toBe(12);
});
