import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialState, presetConfig, stateDefinitions } from '@latent-dogs/dcgan';
import { NormalStream } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { writeCheckpoint } from '../run/checkpoint.ts';
import { diskNeeds, hours } from './estimate.ts';

test('six checkpoints and the sheets are what a run takes', async () => {
  const config = { ...presetConfig('dogs', 'photos'), channels: 8, images: 100_000, sheetEvery: 10_000 };
  const definitions = stateDefinitions(config);
  const values = initialState(definitions, new NormalStream(0));
  const tensors = Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => [
      name,
      { shape: [...shape], data: values[name]! as Float32Array },
    ]),
  );
  const run = await mkdtemp(join(tmpdir(), 'needs-'));
  const folder = await writeCheckpoint(run, { imagesSeen: 0, healthy: true, tensors, state: {} });
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
  await rm(run, { recursive: true });
  const checkpoint = sizes.reduce((a, b) => a + b, 0);
  const sheets = 12 * 512 * 512 * 2.8;
  expect(Math.abs(diskNeeds(config, 10).run / (6 * checkpoint + sheets) - 1)).toBeLessThan(0.02);
  expect(diskNeeds(config, 10).cache).toBe(10 * 64 * 64 * 3);
});

test.each([
  [0.2, '1 s'],
  [29, '29 s'],
  [45, '1 min'],
  [3_540, '59 min'],
  [3_600, '1 h'],
  [4_830, '1 h 21 min'],
  [274_000, '3 days 4 h'],
])('%f s are %s', (seconds, text) => {
  expect(hours(seconds)).toBe(text);
});
