import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { foldGenerator } from '@latent-dogs/dcgan';
import { smallConfig, trainedTensors } from '@latent-dogs/dcgan/trained-tensors';
import { UserError } from '@latent-dogs/latent';
import { writeCheckpoint } from '@latent-dogs/train';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeRun } from './testing/trained-run.ts';
import { metricsOf, openTrainingRun } from './training-run.ts';

let run: string;
const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
beforeEach(async () => {
  warn.mockClear();
  run = await makeRun(smallConfig(), { imagesSeen: [1000, 2000] });
});
afterEach(() => rm(dirname(run), { recursive: true }));

test('the newest checkpoint, or the one that is named', async () => {
  expect((await openTrainingRun(run, 'latest')).checkpoint.imagesSeen).toBe(2000);
  expect((await openTrainingRun(run, 1000)).checkpoint.imagesSeen).toBe(1000);
  expect(warn).not.toHaveBeenCalled();
});

const log = (imagesSeen: number, metrics?: Record<string, number>) =>
  appendFile(join(run, 'log.jsonl'), `${JSON.stringify({ imagesSeen, metrics })}\n`);

test('by default the best checkpoint, if any was evaluated, else the newest', async () => {
  const imagesSeen = async (at: Parameters<typeof openTrainingRun>[1]) => {
    const { checkpoint, newest } = await openTrainingRun(run, at);
    return [checkpoint.imagesSeen, newest];
  };
  expect(await imagesSeen(null)).toEqual([2000, 2000]);
  await expect(imagesSeen('best')).rejects.toThrow(/best of .* is unknown.*; there are 1000, 2000$/);
  await log(1000, { 'swd.mean': 9, frechetRandom: 1 });
  await log(2000, { 'swd.mean': 10, frechetRandom: 1 });
  expect(await imagesSeen(null)).toEqual([1000, 2000]);
  expect(await imagesSeen('best')).toEqual([1000, 2000]);
  expect(await imagesSeen('latest')).toEqual([2000, 2000]);
  expect(warn).not.toHaveBeenCalled();
  await truncate(join(run, 'checkpoints', '000001000', 'weights.safetensors'), 1000);
  expect(await imagesSeen(null)).toEqual([2000, 2000]);
  expect(warn.mock.calls.join()).toMatch(/000001000 is damaged: .*; using the next best/);
});

test('a damaged checkpoint is skipped with a warning, and refused if it is named', async () => {
  await truncate(join(run, 'checkpoints', '000002000', 'weights.safetensors'), 1000);
  expect((await openTrainingRun(run, 'latest')).checkpoint.imagesSeen).toBe(1000);
  expect(warn.mock.calls.join()).toMatch(/000002000 is damaged: .*; using the previous one/);
  await expect(openTrainingRun(run, 2000)).rejects.toThrow(UserError);
});

test('the mean of several checkpoints', async () => {
  const { checkpoint } = await openTrainingRun(run, 2000);
  await writeCheckpoint(run, { ...checkpoint, tensors: trainedTensors(smallConfig(), 2) });
  const tensors = await Promise.all(
    [1000, 2000].map(async (at) => (await openTrainingRun(run, at)).checkpoint.tensors),
  );
  await log(1000, { kid: 0.5 });
  const mean = await openTrainingRun(run, [1000, 2000]);
  expect(mean.meanOf).toEqual([1000, 2000]);
  expect(mean.checkpoint.imagesSeen).toBe(2000);
  const [a, b, c] = [...tensors, mean.checkpoint.tensors].map((one) => one['ema/g/1/gamma']!.data[0]!);
  expect(c).toBeCloseTo((a! + b!) / 2, 6);
  expect(a).not.toBe(b);
  expect(warn).not.toHaveBeenCalled();
  await writeCheckpoint(run, { ...checkpoint, imagesSeen: 1500, healthy: false });
  await openTrainingRun(run, [1500, 2000]);
  expect(warn.mock.calls.join()).toContain('not going well at 1,500 images');
  // Training has measured other generators.
  expect(await metricsOf(mean)).toEqual({});
  await expect(openTrainingRun(run, [1000, 1700])).rejects.toThrow(
    /has none at 1700 images; there are 1000, 1500, 2000$/,
  );
});

test('a mean needs a moving average', async () => {
  const without = await makeRun(smallConfig({ emaImages: 0 }), { imagesSeen: [1000, 2000] });
  await expect(openTrainingRun(without, [1000, 2000])).rejects.toThrow(
    /^--checkpoint: a mean needs .* has --ema-images 0$/,
  );
  await rm(dirname(without), { recursive: true });
});

test('a run without a checkpoint: the error says how to continue', async () => {
  await rm(join(run, 'checkpoints'), { recursive: true });
  await expect(openTrainingRun(run, 'latest')).rejects.toThrow(/holds no checkpoint yet; .*pnpm train --resume/);
  await expect(openTrainingRun(run, 1000)).rejects.toThrow(/has none at 1000 images; there are none/);
});

test('a checkpoint of failing training is exported with a warning', async () => {
  const { checkpoint } = await openTrainingRun(run, 'latest');
  await writeCheckpoint(run, { ...checkpoint, imagesSeen: 3000, healthy: false });
  await openTrainingRun(run, 'latest');
  expect(warn.mock.calls.join()).toContain('not going well at 3,000 images');
});

test('the metrics are the newest up to the checkpoint', async () => {
  expect(await metricsOf(await openTrainingRun(run, 'latest'))).toEqual({});
  await log(500, { kid: 0.5 });
  await log(1500, { kid: 0.2, diversity: 0.3 });
  await log(2000);
  await log(2500, { kid: 0.1 });
  expect(await metricsOf(await openTrainingRun(run, 'latest'))).toEqual({ kid: 0.2, diversity: 0.3 });
  expect(await metricsOf(await openTrainingRun(run, 1000))).toEqual({ kid: 0.5 });
});

test('a folder that is no run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'no-run-'));
  await expect(openTrainingRun(folder, 'latest')).rejects.toThrow(/not a run folder/);
  await writeFile(join(folder, 'config.json'), '{}');
  await expect(openTrainingRun(folder, 'latest')).rejects.toThrow(UserError);
  await rm(folder, { recursive: true });
});

test('a checkpoint of a wider network than config.json says is refused by name', async () => {
  const { checkpoint } = await openTrainingRun(run, 'latest');
  const fold = (changes: object) => () => foldGenerator(smallConfig(changes), checkpoint.tensors);
  expect(fold({})).not.toThrow();
  expect(fold({ channels: 16 })).toThrow(/'g\/\d\/\w+' is \[.*\] and should be \[/);
  expect(fold({ size: 128 })).toThrow(UserError);
});
