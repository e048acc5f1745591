/** `pnpm evaluate` in a child process: on a run, on an exported model, with mistakes. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModelManifest } from '@latent-dogs/latent';
import { encodeOnnx, NCHW, traceDynamic } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readEvaluations } from '../run/evaluations.ts';
import { readLog } from '../run/log.ts';
import { photoFolder, runTraining, SMALL } from '../train/training-process.fixture.ts';

// Each test runs several processes, which may share their core with many others.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let root: string;
let run: string;

const EVALUATE = join(import.meta.dirname, 'cli.ts');
const EXPORT = join(import.meta.dirname, '../../../export/src/export/cli.ts');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function start(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--no-warnings', program, ...args], { cwd: root }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const evaluate = (...args: string[]) => start(EVALUATE, args);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evaluate-'));
  await photoFolder(join(root, 'photos'));
  const options = [
    ...SMALL,
    '--images',
    '80',
    '--checkpoint',
    '40',
    '--tick',
    '12',
    '--sheet',
    '80',
    '--evaluate',
    '40',
  ];
  const training = await runTraining(root, [...options, '--data', 'photos']);
  expect(training.code, training.stderr).toBe(0);
  const [name] = await readdir(join(root, 'runs'));
  run = join(root, 'runs', name!);
  const network = traceDynamic(
    ({ x }) => ({ colours: tf.mean(x as tf.Tensor4D, [1, 2]) }),
    (N) => ({ x: { shape: [N, 32, 32, 3], order: NCHW } }),
  );
  await writeFile(join(root, 'colours.onnx'), encodeOnnx(network));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('during training, the ticks at 40 and 80 images have metrics', async () => {
  const evaluated = (await readLog(run)).filter(({ metrics }) => metrics);
  expect(evaluated.map(({ imagesSeen }) => imagesSeen)).toEqual([48, 80]);
  for (const { metrics } of evaluated) {
    expect(Object.keys(metrics!)).toEqual(['swd.16', 'swd.32', 'swd.64', 'swd.mean', 'frechetRandom', 'msSsim']);
    for (const value of Object.values(metrics!)) expect(value).toBeGreaterThan(0);
  }
  expect(evaluated[0]!.metrics).not.toEqual(evaluated[1]!.metrics);
});

test('a run: metrics of its checkpoints, stored in the run folder and drawn in the report; a repetition gives the same', async () => {
  const first = await evaluate('--features', 'colours.onnx');
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toContain('12 pictures instead of 2,000: half of the 24 photos');
  expect(first.stdout).toMatch(/^ +40 +48 +80 +photos +better$/m);
  const evaluations = await readEvaluations(run);
  expect(evaluations.map(({ imagesSeen, pictures }) => [imagesSeen, pictures])).toEqual([
    [40, 12],
    [48, 12],
    [80, 12],
  ]);
  const { metrics, photos } = evaluations[2]!;
  // An untrained G has a larger distance to photos than other photos have.
  expect(metrics['swd.mean']!).toBeGreaterThan(photos['swd.mean']!);
  expect(metrics['frechetRandom']!).toBeGreaterThan(photos['frechetRandom']!);
  expect(metrics['colours.fid']!).toBeGreaterThan(photos['colours.fid']!);
  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['colours.kid', 'colours.recall', 'nearCopies']));
  const report = await readFile(join(run, 'report.html'), 'utf8');
  expect(report).toContain('"12/swd.mean"');
  expect(report).toMatch(/"kind":"best"/);
  // 12 pairs, four in a row.
  const sheet = await sharp(join(run, 'neighbours.png')).metadata();
  expect([sheet.width, sheet.height]).toEqual([8 * 64, 3 * 64]);

  const again = await evaluate(
    '--run',
    run,
    '--checkpoint',
    '80',
    '--features',
    'colours.onnx',
    '--sheet',
    'pairs.png',
  );
  expect(again.code, again.stderr).toBe(0);
  expect((await readEvaluations(run)).map(({ metrics: one }) => one)).toEqual(
    evaluations.map(({ metrics: one }) => one),
  );
  expect(await readdir(root)).toContain('pairs.png');
});

test('the best checkpoint is the one of `best`', async () => {
  const best = Number((await readFile(join(run, 'best'), 'utf8')).trim().split('/').at(-1));
  const distances = (await readLog(run)).flatMap(({ imagesSeen, metrics }) =>
    metrics ? [{ imagesSeen, distance: metrics['swd.mean']! * metrics['frechetRandom']! }] : [],
  );
  expect(best).toBe(distances.sort((a, b) => a.distance - b.distance)[0]!.imagesSeen);
  const { code, stdout, stderr } = await evaluate('--checkpoint', 'best');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(new RegExp(`^ +${best} +photos`, 'm'));
});

test('an exported model: the metrics of its checkpoint, with --write in model.json', async () => {
  const exported = await start(EXPORT, ['--run', run, '--checkpoint', 'latest', '--out', 'models/tiny']);
  expect(exported.code, exported.stderr).toBe(0);
  const file = join(root, 'models/tiny/model.json');
  const before = await readFile(file, 'utf8');
  const looked = await evaluate('--model', 'models/tiny', '--data', 'photos');
  expect(looked.code, looked.stderr).toBe(0);
  expect(await readFile(file, 'utf8')).toBe(before);

  const written = await evaluate('--model', 'models/tiny', '--data', 'photos', '--write', '--count', '12');
  expect(written.code, written.stderr).toBe(0);
  const json = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const { metrics } = parseModelManifest(json);
  const ofRun = (await readEvaluations(run)).at(-1)!.metrics;
  expect(metrics['pictures']).toBe(12);
  const swd = metrics['swd'] as Record<string, number>;
  expect(swd['mean']! / ofRun['swd.mean']!).toBeCloseTo(1, 1);
  expect((metrics['ofPhotos'] as Record<string, object>)['swd']).toHaveProperty('64');
  expect({ ...json, metrics: {} }).toEqual({ ...(JSON.parse(before) as object), metrics: {} });

  await writeFile(file, before.replace(/"batch": \d+/, '"batch": 0'));
  const unreadable = await evaluate('--model', 'models/tiny', '--data', 'photos');
  expect(unreadable.code).toBe(1);
  expect(unreadable.stderr).toMatch(
    /^error: models\/tiny: training\.config\.batch in model\.json is not readable by this version: 0 is not legal; legal: /,
  );
});

test('other photos than those of training give a warning', async () => {
  await photoFolder(join(root, 'others'), 17);
  const other = await evaluate('--data', 'others', '--checkpoint', 'latest');
  expect(other.code, other.stderr).toBe(0);
  expect(other.stdout).toContain("Warning: these 17 pictures are not the 24 of 'photos'");
});

test('a damaged checkpoint is skipped', async () => {
  await truncate(join(run, 'checkpoints/000000040/weights.safetensors'), 100);
  const some = await evaluate();
  expect(some.code, some.stderr).toBe(0);
  expect(some.stdout).toMatch(/Warning: .*000000040 is damaged/);
  expect(some.stdout).toMatch(/^ +48 +80 +photos/m);
});

test.each([
  [['--run', 'nothing'], /nothing/],
  [['--model', 'nothing'], /error: 'nothing' holds no model/],
  [['--checkpoint', '41'], /--checkpoint: .* none at 41 images; there are 40, 48, 80/],
  [['--data', 'nowhere'], /--data: nowhere does not exist/],
  [['--features', 'photos/0.png'], /--features: 'photos\/0\.png' is not an ONNX network/],
])('%j gives one line and exit code 1', async (args, message) => {
  const { code, stderr } = await evaluate(...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('help ends with examples', async () => {
  const { code, stdout } = await evaluate('--help');
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^ {2}\$ pnpm evaluate --features/);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});
