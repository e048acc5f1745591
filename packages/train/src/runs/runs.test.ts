import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runFixture } from '../compare/runs.fixture.ts';
import { writeCheckpoint } from '../run/checkpoint.ts';
import { cacheSummary, clearCache } from './cache.ts';
import { listing, parseRunsOptions } from './cli.ts';
import { summariesOf } from './summary.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'runs-'));
});
afterEach(() => rm(out, { recursive: true }));

const swd = (mean: number) => ({ 'swd.mean': mean, frechetRandom: mean });

test('a run with a folder in the place of its log is damaged, and the others are listed', async () => {
  const damaged = await runFixture(out, {});
  await rm(join(damaged, 'log.jsonl'), { force: true });
  await mkdir(join(damaged, 'log.jsonl'));
  await runFixture(out, {});
  expect((await summariesOf(out)).map(({ state }) => state)).toEqual(['damaged', 'stopped']);
});

test('each run is a line: data, images, the best figure, state and disk', async () => {
  const finished = await runFixture(out, {
    changes: { images: 2_000 },
    metrics: { 1000: swd(3), 2000: swd(5) },
  });
  await writeCheckpoint(finished, { imagesSeen: 1_000, healthy: true, tensors: {}, state: {} });
  const training = await runFixture(out, { changes: { images: 9_000 } });
  await writeFile(join(training, 'training.pid'), `${process.pid}\n`);
  const damaged = join(out, '00007-x');
  await mkdir(damaged);
  await writeFile(join(damaged, 'config.json'), '{');
  const runs = await summariesOf(out);
  expect(runs.map(({ state }) => state)).toEqual(['finished', 'training', 'damaged']);
  expect(runs[0]).toMatchObject({ photos: 1_234, size: 64, imagesSeen: 2_000, images: 2_000, checkpoints: [1_000] });
  // The geometric mean of 3 and 3.
  expect(runs[0]!.best).toEqual({ distance: 3, imagesSeen: 1_000 });
  expect(runs[0]!.bytes).toBeGreaterThan(1_000);
  const [header, ...lines] = listing(runs, out).split('\n');
  expect(header).toMatch(/^run +data +photos +size +images +best +state +disk$/);
  expect(lines[0]).toMatch(/1,234 +64 +2,000\/2,000 +3 at 1,000 +finished +[\d.]+ kB$/);
  expect(lines[1]).toMatch(/ – +training /);
});

test('without runs it says how to start one', () => {
  expect(listing([], 'runs')).toContain('pnpm train');
});

test.each([
  ['lits', "'lits' is not one of list, prune, delete, cache"],
  ['delete', 'delete: name the runs'],
  ['list 00001', "'00001' given"],
  ['cache clean', "'clean' given"],
])('%s is refused', (line, message) => {
  expect(() => parseRunsOptions(line.split(' '))).toThrow(message);
});

test('the cache is measured and cleared, but for what is being written', async () => {
  for (const [name, size] of [
    ['a.dogs', 500],
    ['a.skipped.jsonl', 20],
    ['b.dogs.host.1.0.partial', 7],
  ] as const)
    await writeFile(join(out, name), Buffer.alloc(size));
  await mkdir(join(out, 'trials'));
  await writeFile(join(out, 'trials', 'x.json'), '{}');
  expect(await cacheSummary(out)).toMatchObject({ bytes: 529, sets: [{ bytes: 500 }] });
  expect((await clearCache(out)).bytes).toBe(529);
  expect(await readdir(out)).toEqual(['b.dogs.host.1.0.partial']);
});
