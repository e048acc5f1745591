/** `pnpm train --find-lr` in a child process: to the end, killed and resumed, with mistakes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { photoFolder, runTraining, SMALL, startTraining } from '../train/training-process.fixture.ts';
import { readCells } from './search-folder.ts';

// Each test runs several processes, which may share their core with many others.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'find-lr-'));
  await photoFolder(join(root, 'photos'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const SEARCH = ['--find-lr', '--data', 'photos', ...SMALL, '--images', '48'];
const GRID = ['--find-lr-g', '1e-5,1', '--find-lr-d', '1e-4,1'];
const withoutTimes = (cells: object[]) => cells.map((cell) => ({ ...cell, seconds: 0 }));

test('a killed search resumes to the same results, without repeating cells', async () => {
  const whole = await runTraining(root, [...SEARCH, ...GRID, '--out', 'whole']);
  expect(whole.code, whole.stderr).toBe(0);
  const [name] = await readdir(join(root, 'whole'));
  expect(name).toBe('find-lr-00000-photos-64');
  const expected = await readCells(join(root, 'whole', name!));
  expect(expected.map(({ lrG, lrD }) => [lrG, lrD])).toEqual([
    [1e-5, 1e-4],
    [1e-5, 1],
    [1, 1e-4],
    [1, 1],
  ]);
  expect(expected[0]).toMatchObject({ steps: 12, outcome: 'stalled' });
  // Nothing learns with a rate of 1.
  expect(expected[3]!.outcome).not.toBe('learning');
  expect(whole.stdout).toMatch(/^lr_g \\ lr_d +1e-4 +1$/m);
  expect(whole.stdout).toMatch(/^1e-5 +stalled/m);

  const killed = startTraining(root, [...SEARCH, ...GRID, '--out', 'killed']);
  await killed.printed('\n2/4 ');
  killed.child.kill('SIGKILL');
  await killed.ended;
  const resumed = await runTraining(root, ['--find-lr', '--resume', 'latest', '--out', 'killed']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stdout).toMatch(/12 steps of 4, 48 images each; [23] done/);
  expect(resumed.stdout).not.toContain('\n1/4 ');
  const folder = join(root, 'killed', name!);
  expect(withoutTimes(await readCells(folder))).toEqual(withoutTimes(expected));

  const map = await sharp(join(folder, 'heat-map.png')).metadata();
  expect(map.width).toBeGreaterThan(300);
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  expect(page.match(/<td/g)).toHaveLength(4);
  expect(page.match(/src="data:image\/webp/g)!.length).toBeGreaterThanOrEqual(3);
  expect([...page.matchAll(/(?:src|href)="(?!data:)/g)]).toEqual([]);
  const samples = await sharp(join(folder, 'g1e-5-d1e-4.png')).metadata();
  expect([samples.width, samples.height]).toEqual([256, 256]);
});

test('Ctrl-C stops it and prints how to resume; a search is not resumed as a run of training', async () => {
  const search = startTraining(root, [...SEARCH, '--images', '100000', ...GRID, '--out', 'stopped']);
  await search.printed('Trying 4 pairs');
  search.child.kill('SIGINT');
  expect(await search.ended).toBe(130);
  expect(search.stdout).toContain('Resume with: pnpm train --find-lr --resume stopped/find-lr-00000-photos-64');
  const training = await runTraining(root, ['--resume', 'latest', '--out', 'stopped']);
  expect(training.code).toBe(1);
  expect(training.stderr).toContain("there is no run in 'stopped' yet");
});

test('a search with other settings or photos cannot be resumed', async () => {
  const resume = ['--find-lr', '--resume', 'latest', '--out', 'stopped'];
  const other = await runTraining(root, [...resume, '--batch', '8']);
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/--batch \(4 in the run, 8 given\)/);
  await photoFolder(join(root, 'others'), 17);
  const photos = await runTraining(root, [...resume, '--data', 'others']);
  expect(photos.code).toBe(1);
  expect(photos.stderr).toContain('are not the same');
  const none = await runTraining(root, ['--find-lr', '--resume', 'latest', '--out', 'nowhere']);
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/^error: --resume: there is no search in 'nowhere' yet/);
});
