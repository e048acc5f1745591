/** `pnpm train:face-finder` in a child process, on pictures with generated faces. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { facePhotos } from '../train/training-process.fixture.ts';

const NUMBERS = [1, 2, 3, 4, 7, 23];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'face-finder-'));
  await facePhotos(root, NUMBERS.length, (index) => `dog.${NUMBERS[index]}.jpg`);
  const rows = NUMBERS.map((number, i) => `x:dog.${number}.jpg,${20 * i},10,140,140,320x240`);
  await writeFile(join(root, 'index.csv'), ['source,x,y,w,h,source_resolution', ...rows].join('\n'));
  await writeFile(join(root, 'few.csv'), ['source,x,y,w,h,source_resolution', rows[0]].join('\n'));
});
afterAll(() => rm(root, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--no-warnings', join(import.meta.dirname, 'cli.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

test('trains, chooses the threshold, writes the model and measures it; --measure measures the same', async () => {
  const trained = run('--index', 'index.csv', '--photos', '.', '--views', '64', '--out', 'finder.onnx');
  expect(trained.stderr).toBe('');
  expect(trained.status).toBe(0);
  expect(trained.stdout).toMatch(/^Photos: 3 training, 2 threshold, 1 test\nThreshold of the score: 0\.\d+\n/);
  const report = trained.stdout.slice(trained.stdout.indexOf('finder.onnx: '));
  expect(report).toMatch(/bytes\. On photos held back:\n +within 15 % of the box: +\d+\.0 % \([01] of 1\)\n/);
  expect((await readFile(join(root, 'finder.onnx'))).length).toBeLessThan(300_000);
  const measured = run('--index', 'index.csv', '--photos', '.', '--out', 'finder.onnx', '--measure');
  expect(measured.stdout).toBe(`Photos: 1 test\n${report}`);
});

test.each([
  [['--photos', '.'], 'give --index FILE and --photos FOLDER'],
  [['--index', 'nowhere.csv', '--photos', '.'], '--index: nowhere.csv cannot be read'],
  [['--index', 'few.csv', '--photos', '.'], '--index: few.csv names no photos for threshold and test'],
  [['--index', 'index.csv', '--photos', 'nowhere'], '--photos: nowhere/dog.1.jpg cannot be read'],
])('%j gives one line and exit code 1', (args, message) => {
  const { status, stderr } = run(...args);
  expect(stderr).toContain(`error: ${message}`);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(1);
});
