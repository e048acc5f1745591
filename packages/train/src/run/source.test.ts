import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Config, presetConfig } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createRun } from './run-folder.ts';
import { readRunRecord } from './run-record.ts';
import { openSource } from './source.ts';

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'source-'));
});
afterEach(() => rm(runs, { recursive: true }));

const dataset = { name: 'kaggle', count: 12_500, fingerprint: 'abc123' };
const config: Config = { ...presetConfig('dogs', 'photos'), channels: 8 };
const tensor = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

/** A run with one tensor, whose value is the number of images seen. */
async function makeRun(checkpoints: { imagesSeen: number; healthy?: boolean }[]): Promise<string> {
  const folder = await createRun({ out: runs, config, dataset });
  for (const { imagesSeen, healthy = true } of checkpoints)
    await writeCheckpoint(folder, { imagesSeen, healthy, tensors: { 'g/0/beta': tensor(imagesSeen) }, state: {} });
  return folder;
}

test('a run: its newest healthy checkpoint, by path, by name, or as the latest', async () => {
  await makeRun([{ imagesSeen: 10 }]);
  const run = await makeRun([{ imagesSeen: 20 }, { imagesSeen: 30 }, { imagesSeen: 40, healthy: false }]);
  const weights = await readFile(join(run, 'checkpoints', '000000030', 'weights.safetensors'));
  for (const from of [run, basename(run), 'latest'])
    expect(await openSource(from, runs)).toEqual({
      folder: run,
      config,
      record: { name: basename(run), sha256: createHash('sha256').update(weights).digest('hex'), imagesSeen: 30 },
      tensors: { 'g/0/beta': tensor(30) },
    });
});

test('neither a model nor a run, a run without a checkpoint, no run at all', async () => {
  const attempt = (from: string) => openSource(from, runs);
  await expect(attempt('latest')).rejects.toThrow(/^--from: there is no run in/);
  await expect(attempt('models/nothing')).rejects.toThrow(UserError);
  await expect(attempt('models/nothing')).rejects.toThrow(
    "--from: 'models/nothing' is neither a model (no model.json) nor a run (no config.json); give a model folder",
  );
  const run = await makeRun([{ imagesSeen: 40, healthy: false }]);
  await expect(attempt(run)).rejects.toThrow(`--from: ${run} holds no healthy checkpoint; continue its training`);
});

test('a run of which config.json is damaged', async () => {
  const run = await makeRun([{ imagesSeen: 10 }]);
  await writeFile(join(run, 'config.json'), '{');
  await expect(openSource(run, runs)).rejects.toThrow(/^--from: .*is not a run folder: .*config\.json/);
});

test('a run that starts from trained networks holds them in its first checkpoint, and says whose they are', async () => {
  const from = { name: 'dogs-64', sha256: 'ab'.repeat(32), imagesSeen: 560_000 };
  const tensors = { 'g/0/beta': tensor(1, 2) };
  const run = await createRun({
    out: runs,
    config: { ...presetConfig('dogs', 'photos', true), channels: 8, from: 'models/dogs-64' },
    dataset,
    start: { from, tensors },
  });
  expect(basename(run)).toBe('00000-kaggle-64-from-dogs-64-channels8');
  expect((await readRunRecord(run)).from).toEqual(from);
  const first = await readCheckpoint(join(run, 'checkpoints', '000000000'));
  expect(first).toEqual({ imagesSeen: 0, healthy: true, tensors, state: {} });
});
