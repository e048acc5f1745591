/** `pnpm train --from`, in child processes: from an exported model and from a run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Checkpoint, transferable } from '@latent-dogs/dcgan';
import { readManifest, writeManifest } from '@latent-dogs/models';
import { latestCheckpoint, readCheckpoint, readRunRecord } from '@latent-dogs/train';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exportModel } from './export-model.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const TRAIN = fileURLToPath(new URL('../../../train/src/train/cli.ts', import.meta.url));
/** The high rate of G gives its pictures contrast within 16 steps. */
const RECIPE = ['--channels', '8', '--latent', '8', '--batch', '4', '--lr-g', '0.02'];
/** On the CPU, where a run is reproducible bit by bit; 16 steps in four ticks. */
const RUN = [
  ...['--backend', 'onnxruntime', '--device', 'cpu', '--images', '64', '--tick-every', '16'],
  ...['--checkpoint-every', '8', '--sheet-every', '64', '--evaluate-every', '0'],
];

let root: string;
/** The run that others start from, and the model exported from it. */
let source: string;
const MODEL = join('models', 'dogs');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'transfer-'));
  await drawPhotos('first', 'orange');
  await drawPhotos('second', 'navy');
  const trained = await train(['--data', 'first', ...RECIPE, ...RUN]);
  expect(trained.code, trained.stderr).toBe(0);
  expect(trained.stdout).toContain('12 photos are too few');
  expect(trained.stdout).toContain('with --from (docs/transfer.md)');
  source = await onlyRun('runs');
  await exportModel({
    run: source,
    ...{
      out: join(root, MODEL),
      precision: 'fp32',
      checkpoint: 'latest',
      training: true,
      names: [],
      demo: false,
      force: false,
    },
  });
});
afterAll(() => rm(root, { recursive: true }));

/** A folder of 12 pictures: a disc on a ground, each of another size. */
async function drawPhotos(folder: string, colour: string): Promise<void> {
  await mkdir(join(root, folder));
  for (let i = 0; i < 12; i++) {
    const svg = `<svg width="64" height="64"><rect width="64" height="64" fill="#9${i.toString(16)}8"/><circle cx="32" cy="32" r="${8 + i}" fill="${colour}"/></svg>`;
    await sharp(Buffer.from(svg))
      .png()
      .toFile(join(root, folder, `${i}.png`));
  }
}

interface Process {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  /** Exit code or signal. */
  ended: Promise<number | string>;
}

function startTraining(args: readonly string[]): Process {
  const child = spawn(process.execPath, ['--no-warnings', TRAIN, ...args], { cwd: root });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (piece: string) => {
      output[stream] += piece;
    });
  return { child, output, ended: once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string) };
}

async function train(args: readonly string[]) {
  const { output, ended } = startTraining(args);
  const code = await ended;
  return { code, ...output };
}

/** Starts a training and kills it as soon as it has printed `text`. */
async function killedAfter(text: string, args: readonly string[]): Promise<void> {
  const { child, output, ended } = startTraining(args);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!output.stdout.includes(text)) {
    if (over) throw new Error(`it never printed '${text}':\n${output.stdout}\n${output.stderr}`);
    await Promise.race([once(child.stdout!, 'data'), ended]);
  }
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

async function onlyRun(out: string): Promise<string> {
  const [run, ...others] = await readdir(join(root, out));
  expect(others).toEqual([]);
  return join(root, out, run!);
}

const tensorsAt = async (run: string, images: number): Promise<Checkpoint['tensors']> =>
  (await readCheckpoint(join(run, 'checkpoints', String(images).padStart(9, '0')))).tensors;

/** Largest difference of two pictures, in levels of 255. */
async function difference(a: string, b: string): Promise<number> {
  const [first, second] = await Promise.all([a, b].map((file) => sharp(file).raw().toBuffer()));
  return first!.reduce((largest, value, i) => Math.max(largest, Math.abs(value - second![i]!)), 0);
}

test('from a model: the first sheet shows its pictures, and a killed run ends as an unbroken one, without the model', async () => {
  const from = ['--data', 'second', '--from', MODEL, '--freeze-d', '2', ...RUN];
  const unbroken = await train([...from, '--out', 'unbroken']);
  expect(unbroken.code, unbroken.stderr).toBe(0);
  expect(unbroken.stdout).toContain(`Starting from ${MODEL}, which has seen 64 images`);
  expect(unbroken.stdout).not.toContain('with --from (docs/transfer.md)');
  const run = await onlyRun('unbroken');

  const { training } = await readManifest(join(root, MODEL));
  const { config, from: record } = await readRunRecord(run);
  expect(config).toMatchObject({
    channels: 8,
    latent: 8,
    batch: 4,
    lrG: 0.02,
    data: 'second',
    from: MODEL,
    freezeD: 2,
  });
  expect(record).toEqual({ name: 'dogs', sha256: training.weights!.sha256, imagesSeen: 64 });

  // The same seed, so the same z.
  const [before, trained] = ['fakes-000000.png', 'fakes-000064.png'].map((name) => join(source, name));
  const first = join(run, 'fakes-000000.png');
  expect(await difference(first, trained!)).toBeLessThanOrEqual(2);
  expect(await difference(first, before!)).toBeGreaterThan(50);

  const [end, start] = [(await latestCheckpoint(run))!, await tensorsAt(source, 64)];
  expect(end.imagesSeen).toBe(64);
  // Frozen filters are still the source's, rounded to float16.
  for (const name of ['d/0/filter', 'd/1/filter'])
    expect(end.tensors[name]!.data).toEqual(new Float32Array(new Float16Array(start[name]!.data)));
  expect(end.tensors['d/2/filter']!.data).not.toEqual(new Float32Array(new Float16Array(start['d/2/filter']!.data)));

  await killedAfter('Training in', [...from, '--out', 'killed']);
  await rename(join(root, MODEL), join(root, 'hidden'));
  try {
    await killedAfter('16/64 images', ['--resume', 'latest', '--out', 'killed']);
    const resumed = await train(['--resume', 'latest', '--out', 'killed']);
    expect(resumed.code, resumed.stderr).toBe(0);
  } finally {
    await rename(join(root, 'hidden'), join(root, MODEL));
  }
  const killed = await onlyRun('killed');
  expect((await latestCheckpoint(killed))!.tensors).toEqual(end.tensors);
  expect(await difference(join(killed, 'fakes-000000.png'), first)).toBe(0);
});

test('from a run: exactly its networks', async () => {
  const { code, stderr } = await train([
    '--data',
    'second',
    '--from',
    source,
    '--out',
    'from-run',
    ...RUN,
    '--checkpoint-every',
    '32',
  ]);
  expect(code, stderr).toBe(0);
  const tensors = await tensorsAt(await onlyRun('from-run'), 0);
  expect(transferable(tensors)).toEqual(transferable(await tensorsAt(source, 64)));
  for (const [name, { data }] of Object.entries(tensors))
    if (name.startsWith('adam/')) expect(data.every((value) => value === 0)).toBe(true);
});

test('what cannot work is one line and exit code 1, and writes nothing', async () => {
  const attempt = async (...args: string[]) => {
    const { code, stderr } = await train(['--data', 'second', '--out', 'never', ...args]);
    expect(code).toBe(1);
    expect(stderr.trimEnd()).toMatch(/^error: --from: .*$/);
    expect(await readdir(root)).not.toContain('never');
    return stderr;
  };
  expect(await attempt('--from', MODEL, '--channels', '16', '--latent', '8')).toContain(
    `the networks are those of ${MODEL}; an option can't change --channels (8 in them, 16 given). Leave it out`,
  );
  expect(await attempt('--from', 'latest')).toContain("there is no run in 'never' yet");

  const damaged = join('models', 'damaged');
  await cp(join(root, MODEL), join(root, damaged), { recursive: true });
  const file = join(root, damaged, 'training.safetensors');
  const bytes = await readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, bytes);
  expect(await attempt('--from', damaged)).toContain('training.safetensors: not the file that model.json describes');

  const older = join('models', 'older');
  await cp(join(root, MODEL), join(root, older), { recursive: true });
  const { training, ...manifest } = await readManifest(join(root, older));
  const { weights: _, ...without } = training;
  await writeManifest(join(root, older), { ...manifest, training: without });
  expect(await attempt('--from', older)).toContain(
    `'${older}' holds no training weights: it was exported by an earlier version`,
  );
});
