// @module-tag slow

import '@tensorflow/tfjs-backend-cpu';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Checkpoint } from '@latent-dogs/dcgan';
import {
  type Config,
  generator,
  normaliseByStatistics,
  parityBounds,
  parseSafetensors,
  presetConfig,
} from '@latent-dogs/dcgan';
import { smallConfig, trainedTensors } from '@latent-dogs/dcgan/trained-tensors';
import { chwToRgba, latentFromSeed, parseModelManifest } from '@latent-dogs/latent';

import type { WeightPrecision } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultName, exportModel } from './export-model.ts';
import { makeRun } from './testing/trained-run.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function exported(
  config: Config,
  { precision = 'fp32' as WeightPrecision, tensors = trainedTensors(config) } = {},
) {
  const run = await makeRun(config, { tensors });
  const out = join(await mkdtemp(join(tmpdir(), 'export-model-')), 'small-dogs');
  folders.push(dirname(run), dirname(out));
  const result = await exportModel({
    run,
    out,
    precision,
    checkpoint: 'latest',
    training: true,
    names: [],
    force: false,
  });
  const [onnx, weights] = await Promise.all(
    ['generator.onnx', 'training.safetensors'].map((name) => readFile(join(out, name))),
  );
  return { ...result, run, out, onnx: onnx!, weights: weights! };
}

const z = (seeds: readonly number[], latent: number) =>
  Float32Array.from(seeds.flatMap((seed) => [...latentFromSeed(seed, latent)]));

async function run(onnx: Uint8Array, seeds: readonly number[], latent: number) {
  const session = await InferenceSession.create(onnx);
  const { image, pixels } = await session.run({ z: new Tensor('float32', z(seeds, latent), [seeds.length, latent]) });
  await session.release();
  return { image: image!, pixels: pixels! };
}

/** Pictures [N,3,H,W] by the network as it was trained, batch norms and all, on TF.js's own plain JavaScript backend. */
function onCpuBackend(config: Config, tensors: Checkpoint['tensors'], seeds: readonly number[]): Float32Array {
  void tf.setBackend('cpu');
  return tf.tidy(() => {
    const named = Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
    );
    const latents = tf.tensor(z(seeds, config.latent), [seeds.length, config.latent]);
    const pictures = generator(config, named, latents, normaliseByStatistics(named));
    return tf.transpose(pictures, [0, 3, 1, 2]).dataSync() as Float32Array;
  });
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
};

const withPrefix = (tensors: Checkpoint['tensors'], prefix: string) =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );

describe.each([
  ['transposed', 10_000],
  ['transposed', 0],
  ['nearest', 10_000],
  ['nearest', 0],
] as const)('%s, moving average over %i images', (upsample, emaImages) => {
  const config = smallConfig({ upsample, emaImages });
  const tensors = trainedTensors(config);
  let model: Awaited<ReturnType<typeof exported>>;
  beforeAll(async () => {
    model = await exported(config);
  });

  test('the file makes the pictures of the trained network', async () => {
    const seeds = [0, 1, 4_294_967_295];
    const { image } = await run(model.onnx, seeds, config.latent);
    const expected = onCpuBackend(config, withPrefix(tensors, emaImages > 0 ? 'ema/' : ''), seeds);
    expect(image.dims).toEqual([3, 3, 64, 64]);
    expect(largestDifference(image.data as Float32Array, expected)).toBeLessThan(2e-5);
    // The comparison means something: the pictures have contrast.
    expect(Math.max(...expected.subarray(0, 4096)) - Math.min(...expected.subarray(0, 4096))).toBeGreaterThan(0.5);
  });

  test('the graph is clean', () => {
    const { graph, opsetImport } = protobuf.onnx.ModelProto.decode(model.onnx);
    const operators = graph!.node!.map(({ opType }) => opType!);
    expect(opsetImport!.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 17]]);
    for (const unwanted of ['Transpose', 'BatchNormalization', 'Resize', 'Sqrt', 'Div', 'Expand']) {
      expect(operators).not.toContain(unwanted);
    }
    expect(operators.filter((operator) => operator === 'ConvTranspose')).toHaveLength(4);
    // No bias is left to an Add: those that remain are the two of `pixels`.
    expect(operators.filter((operator) => operator === 'Add')).toHaveLength(2);
    for (const { opType, input } of graph!.node!) {
      if (opType === 'ConvTranspose' || opType === 'Gemm') expect(input).toHaveLength(3);
    }
    const border = (values: NonNullable<typeof graph>['input']) =>
      values!.map(({ name, type }) => [
        name,
        type!.tensorType!.elemType,
        ...type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
      ]);
    expect(border(graph!.input)).toEqual([['z', 1, 'N', 16]]);
    expect(border(graph!.output)).toEqual([
      ['image', 1, 'N', 3, 64, 64],
      ['pixels', 2, 'N', 64, 64, 4],
    ]);
  });

  test("a seed's picture is the same in every batch", async () => {
    const seeds = [5, 6, 7, 8, 9, 10, 11];
    const all = await run(model.onnx, seeds, config.latent);
    expect(all.pixels.dims).toEqual([7, 64, 64, 4]);
    for (const [at, count] of [
      [0, 1],
      [3, 1],
      [6, 1],
      [0, 2],
      [4, 2],
    ] as const) {
      const some = await run(model.onnx, seeds.slice(at, at + count), config.latent);
      const area = some.pixels.data.length / count;
      expect(some.pixels.data).toEqual(all.pixels.data.slice(at * area, (at + count) * area));
    }
  });

  test('pixels are image in bytes', async () => {
    const { image, pixels } = await run(model.onnx, [1, 2], config.latent);
    for (const n of [0, 1]) {
      const expected = chwToRgba(image.data as Float32Array, 64, 64, n);
      expect(
        Buffer.from((pixels.data as Uint8Array).slice(n * 16_384, (n + 1) * 16_384)).equals(Buffer.from(expected)),
      ).toBe(true);
    }
  });

  test('training.safetensors holds what a training can start from: filters as float16, the rest exactly', () => {
    const stored = parseSafetensors(model.weights);
    const names = Object.keys(tensors).filter((name) => !name.startsWith('adam/'));
    expect(Object.keys(stored).sort()).toEqual(names.sort());
    expect(names.some((name) => name.startsWith('ema/'))).toBe(emaImages > 0);
    for (const name of names) {
      const { shape, data } = tensors[name]!;
      expect(stored[name]!.shape, name).toEqual(shape);
      if (!name.endsWith('/filter')) expect(stored[name]!.data, name).toEqual(data);
      // float16 has 11 significant bits; below 2^-14 its steps are 2^-24.
      else
        for (const [i, value] of data.entries())
          expect(Math.abs(stored[name]!.data[i]! - value)).toBeLessThanOrEqual(
            Math.max(Math.abs(value) * 2 ** -11, 2 ** -25),
          );
    }
  });

  test('model.json describes the files', async () => {
    const text = await readFile(join(model.out, 'model.json'), 'utf8');
    const manifest = parseModelManifest(JSON.parse(text));
    expect(manifest.generator).toEqual({
      file: 'generator.onnx',
      sha256: createHash('sha256').update(model.onnx).digest('hex'),
      bytes: model.onnx.length,
      opset: 17,
      precision: 'fp32',
    });
    expect(manifest.name).toBe('small-dogs');
    expect(manifest.training).toEqual({
      config,
      imagesSeen: 4000,
      dataset: { name: 'drawn-dogs', count: 4096, fingerprint: 'c0ffee' },
      weights: {
        file: 'training.safetensors',
        sha256: createHash('sha256').update(model.weights).digest('hex'),
        bytes: model.weights.length,
      },
    });
    expect(manifest.parity.latents).toBe(256);
    expect(manifest.parity.maxAbsoluteError).toBeLessThan(2e-5);
    expect(manifest.directions).toHaveLength(10);
  });
});

const python = '/usr/bin/python3';
const hasChecker = (() => {
  try {
    execFileSync(python, ['-c', 'import onnx'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.each([16, 32] as const)('self-attention at %i pixels', (attention) => {
  const config = smallConfig({ attention });
  const tensors = trainedTensors(config);
  let model: Awaited<ReturnType<typeof exported>>;
  beforeAll(async () => {
    model = await exported(config);
  });

  test('the file makes the pictures of the trained network, which are not those without', async () => {
    const seeds = [0, 1, 4_294_967_295];
    const { image } = await run(model.onnx, seeds, config.latent);
    const trained = withPrefix(tensors, 'ema/');
    expect(largestDifference(image.data as Float32Array, onCpuBackend(config, trained, seeds))).toBeLessThan(2e-5);
    const blind = { ...trained, 'g/attention/gain': { shape: [1], data: Float32Array.of(0) } };
    expect(largestDifference(image.data as Float32Array, onCpuBackend(config, blind, seeds))).toBeGreaterThan(1e-3);
  });

  test("a seed's picture is the same in every batch", async () => {
    const all = await run(model.onnx, [5, 6, 7], config.latent);
    const one = await run(model.onnx, [6], config.latent);
    const area = one.pixels.data.length;
    expect(largestDifference(one.pixels.data as Uint8Array, all.pixels.data.slice(area, 2 * area) as Uint8Array)).toBe(
      0,
    );
  });
});

describe.each(['fp32', 'fp16', 'int8'] as const)('weights stored as %s', (precision) => {
  const parts = { fp32: 1, fp16: 2, int8: 4 }[precision];
  const config = smallConfig({ channels: 16 });
  let model: Awaited<ReturnType<typeof exported>>;
  let whole: Awaited<ReturnType<typeof exported>>;
  beforeAll(async () => {
    whole = await exported(config);
    model = precision === 'fp32' ? whole : await exported(config, { precision });
  });

  test('the file is as small as that', () => {
    expect(model.onnx.length / whole.onnx.length).toBeCloseTo(1 / parts, 1);
    expect(model.manifest.generator.precision).toBe(precision);
  });

  test('the pictures stay within the published bounds', async () => {
    const { psnr, maxAbsoluteError } = model.manifest.parity;
    expect(psnr!).toBeGreaterThan(parityBounds[precision].psnr);
    // It is not the fp32 file under another name.
    if (precision !== 'fp32') expect(maxAbsoluteError).toBeGreaterThan(1e-4);
    const seeds = [3, 4];
    const { image } = await run(model.onnx, seeds, config.latent);
    const expected = onCpuBackend(config, withPrefix(trainedTensors(config), 'ema/'), seeds);
    const squares = expected.reduce((sum, value, i) => sum + (value - (image.data[i] as number)) ** 2, 0);
    expect(10 * Math.log10(4 / (squares / expected.length))).toBeGreaterThan(parityBounds[precision].psnr);
  });

  test("a seed's picture does not depend on the batch", async () => {
    const two = await run(model.onnx, [8, 9], config.latent);
    const one = await run(model.onnx, [9], config.latent);
    expect(one.pixels.data).toEqual(two.pixels.data.slice(16_384));
  });

  test.skipIf(!hasChecker)("onnx.checker passes (where Debian's python3-onnx is installed)", async () => {
    const script = 'import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)';
    await promisify(execFile)(python, ['-c', script, join(model.out, 'generator.onnx')]);
  });
});

test('samples.png holds seeds 0 to 63, row by row', async () => {
  const { out, onnx } = await exported(smallConfig());
  const { data, info } = await sharp(join(out, 'samples.png')).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([512, 512, 3]);
  const { pixels } = await run(onnx, [10], 16);
  // Seed 10 is in row 1, column 2.
  for (const [row, column] of [
    [0, 0],
    [63, 63],
    [17, 40],
  ] as const) {
    const at = 3 * ((64 + row) * 512 + 2 * 64 + column);
    const expected = (pixels.data as Uint8Array).slice(4 * (64 * row + column), 4 * (64 * row + column) + 3);
    expect([...data.subarray(at, at + 3)]).toEqual([...expected]);
  }
});

test('--no-training: no weights, and those of an earlier export do not stay', async () => {
  const { run, out } = await exported(smallConfig());
  expect(await readdir(out)).toContain('training.safetensors');
  const options = { run, out, precision: 'fp32', checkpoint: 'latest', names: [], force: false } as const;
  const { manifest } = await exportModel({ ...options, training: false });
  expect(await readdir(out)).not.toContain('training.safetensors');
  expect(manifest.training.weights).toBeUndefined();
  expect((await exportModel({ ...options, training: true })).kept).toEqual(['README.md']);
});

test('a filter that float16 cannot hold is named', async () => {
  const config = smallConfig();
  const tensors = trainedTensors(config);
  tensors['d/1/filter']!.data[3] = -1e5;
  await expect(exported(config, { tensors })).rejects.toThrow(
    "the weights after 4000 images can't be stored (d/1/filter: -100000 is too large for float16, which ends at 65504); export an earlier --checkpoint, or use --no-training",
  );
});

test('an export of the same checkpoint is the same, byte for byte, but for the time in model.json', async () => {
  const [a, b] = [await exported(smallConfig()), await exported(smallConfig())];
  expect(a.onnx.equals(b.onnx)).toBe(true);
  for (const name of ['samples.png', 'README.md', 'training.safetensors']) {
    expect((await readFile(join(a.out, name))).equals(await readFile(join(b.out, name)))).toBe(true);
  }
  const text = async (out: string) => readFile(join(out, 'model.json'), 'utf8');
  const [first, second] = [await text(a.out), await text(b.out)];
  expect(second).not.toBe(first);
  expect(second.replace(b.manifest.exported!, a.manifest.exported!)).toBe(first);
});

test.each([
  ['drawn-dogs', 64, 'drawn-dogs-64'],
  ['Fotos de Perros (1)', 128, 'fotos-de-perros-1-128'],
  ['Köter', 64, 'koter-64'],
  ['..', 64, 'dogs-64'],
  ['犬', 64, 'dogs-64'],
])('a model of %j at %i is called %s', (dataset, size, name) => {
  expect(defaultName(dataset, size)).toBe(name);
});

test('the card gives the commands that the run was trained with', async () => {
  const photos = presetConfig('dogs', '/photos/of dogs');
  const config = { ...photos, channels: 8, latent: 16, images: 6_000, augment: [] };
  const folder = await makeRun(config);
  const file = join(folder, 'config.json');
  const changes = [{ imagesSeen: 3_000, before: { images: 4_000, decayImages: 2_000, augment: ['translation'] } }];
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), changes }));
  const out = join(await mkdtemp(join(tmpdir(), 'export-model-')), 'carded');
  folders.push(dirname(folder), dirname(out));
  await exportModel({
    run: folder,
    out,
    precision: 'fp16',
    checkpoint: 'latest',
    training: true,
    names: [],
    force: false,
  });
  expect(await readFile(join(out, 'README.md'), 'utf8')).toContain(
    `\`\`\`sh
pnpm train --data 'of dogs' --images 4000 --channels 8 --latent 16 --decay-images 2000 # stopped after 3,000 images
pnpm train --resume latest --images 6000 --decay-images 0 --augment none
\`\`\``,
  );
});

test('model.json and the card say which weights a run started from, without private paths', async () => {
  const photos = { ...presetConfig('dogs', '/home/me/corgis', true), from: '/home/me/models/dogs-64' };
  const folder = await makeRun({ ...photos, channels: 8, latent: 16, freezeD: 2 });
  const file = join(folder, 'config.json');
  const from = { name: 'dogs-64', sha256: '0a'.repeat(32), imagesSeen: 560_000 };
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), from }));
  const out = join(await mkdtemp(join(tmpdir(), 'export-model-')), 'corgis');
  folders.push(dirname(folder), dirname(out));
  const { manifest } = await exportModel({
    run: folder,
    ...{ out, precision: 'fp16', checkpoint: 'latest', names: [], training: true, force: false },
    names: ['light coat … dark coat', null, 'red … golden'],
  });
  expect(manifest.directions.slice(0, 4).map(({ name }) => name)).toEqual([
    'light coat … dark coat',
    null,
    'red … golden',
    null,
  ]);
  expect(manifest.training.from).toEqual(from);
  expect(manifest.training.config).toMatchObject({ data: 'corgis', from: 'dogs-64' });
  const card = await readFile(join(out, 'README.md'), 'utf8');
  expect(card).toContain(
    `Started from the weights of \`dogs-64\`, which had seen 560,000 images (SHA-256 \`${from.sha256}\`).`,
  );
  expect(card).toContain('pnpm train --data corgis --preset dogs --from dogs-64 --channels 8 --latent 16 --freeze-d 2');
  expect(card).toContain('pnpm train --data photos --from models/corgis');
  expect(card).not.toContain('/home/me');
});
