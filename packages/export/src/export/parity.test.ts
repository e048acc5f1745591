// @module-tag slow

import { access, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Checkpoint, checkParity, encodeGenerator, foldGenerator, generatorGraph } from '@latent-dogs/dcgan';
import { smallConfig, trainedTensors } from '@latent-dogs/dcgan/trained-tensors';
import { UserError } from '@latent-dogs/latent';

import protobuf from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportModel } from './export-model.ts';
import { compareExported, parityLatents, trainedPictures } from './parity.ts';
import { makeRun } from './testing/trained-run.ts';

const config = smallConfig({ emaImages: 0 });
const tensors = trainedTensors(config);
const z = parityLatents(config.latent);
const checkpoint: Checkpoint = { imagesSeen: 0, healthy: true, tensors, state: {} };
let onnx: Uint8Array;
let reference: Float32Array;
beforeAll(async () => {
  onnx = encodeGenerator(generatorGraph(foldGenerator(config, tensors), 'fp32'));
  reference = await trainedPictures(config, checkpoint, z);
});

const compare = (bytes: Uint8Array) => compareExported(bytes, config, z, reference);

/** The file with the float32 values of the constants that `which` picks changed. */
function altered(which: (dims: number[]) => boolean, change: (values: Float32Array) => void): Uint8Array {
  const model = protobuf.onnx.ModelProto.decode(onnx);
  const found = model.graph!.initializer!.filter(({ dims, dataType }) => dataType === 1 && which(dims!.map(Number)));
  expect(found.length).toBeGreaterThan(0);
  for (const tensor of found) {
    const values = new Float32Array(Uint8Array.from(tensor.rawData!).buffer);
    change(values);
    tensor.rawData = new Uint8Array(values.buffer);
  }
  return protobuf.onnx.ModelProto.encode(model).finish();
}

test('the exported file passes, and the numbers are of 256 latents', async () => {
  const parity = await compare(onnx);
  expect(parity.latents).toBe(256);
  expect(parity.maxAbsoluteError).toBeLessThan(1e-4);
  expect(parity.meanAbsoluteError).toBeLessThanOrEqual(parity.maxAbsoluteError);
  expect(() => checkParity(parity, 'fp32')).not.toThrow();
});

test('the numbers are right', async () => {
  const shifted = reference.slice();
  // One picture's one value is off by 0.25.
  shifted[200 * 3 * 64 * 64 + 5]! += 0.25;
  const parity = await compareExported(onnx, config, z, shifted);
  const values = 256 * 3 * 64 * 64;
  expect(parity.maxAbsoluteError).toBeCloseTo(0.25, 4);
  expect(parity.psnr).toBeCloseTo(10 * Math.log10((4 * values) / 0.25 ** 2), 2);
  expect(parity.meanAbsoluteError).toBeGreaterThan(0.25 / values);
});

test('one NaN is not lost among good values', async () => {
  const holed = reference.slice();
  holed[7] = Number.NaN;
  expect((await compareExported(onnx, config, z, holed)).maxAbsoluteError).toBeNaN();
});

describe('a file that is off is refused', () => {
  const biases = (dims: number[]) => dims.length === 1 && dims[0]! > 3;
  const filters = (dims: number[]) => dims.length >= 3;

  test.each([
    ['one weight of one filter', filters, (values: Float32Array) => (values[7]! += 0.05)],
    ['a bias', biases, (values: Float32Array) => (values[0]! += 0.01)],
    ['NaN', filters, (values: Float32Array) => (values[0] = Number.NaN)],
  ])('%s', async (_, which, change) => {
    const parity = await compare(altered(which, change));
    expect(() => checkParity(parity, 'fp32')).toThrow(UserError);
    expect(() => checkParity(parity, 'fp32')).toThrow('nothing was written');
  });

  test('pixels that are not the image', async () => {
    const bytes = altered(
      (dims) => dims.length === 0,
      (values) => {
        if (values[0] === 127.5) values[0] = 127;
      },
    );
    await expect(compare(bytes)).rejects.toThrow(/pixels are not its image/);
  });

  test('a network of other statistics', async () => {
    const others = { ...tensors, 'g/1/variance': tensors['g/2/variance']! };
    others['g/1/variance'] = {
      shape: tensors['g/1/variance']!.shape,
      data: tensors['g/1/variance']!.data.map((v) => v * 1.01),
    };
    const parity = await compareExported(
      onnx,
      config,
      z,
      await trainedPictures(config, { ...checkpoint, tensors: others }, z),
    );
    expect(() => checkParity(parity, 'fp32')).toThrow('max abs error');
  });
});

test.each([
  ['fp32', 0.99e-4, 100, true],
  ['fp32', 1.01e-4, 100, false],
  ['fp16', 0.1, 45, true],
  ['fp16', 0.1, 44.9, false],
  ['int8', 0.5, 30, true],
  ['int8', 0.5, 29.9, false],
  ['int8', Number.NaN, 60, false],
  ['int8', 0.5, Number.NaN, false],
] as const)('%s with a largest error of %f and %f dB: %s', (precision, maxAbsoluteError, psnr, good) => {
  const check = () =>
    checkParity({ latents: 256, maxAbsoluteError, meanAbsoluteError: 0, psnr, backend: '' }, precision);
  if (good) expect(check).not.toThrow();
  else expect(check).toThrow(UserError);
});

test('an export that is refused leaves the model there was', async () => {
  const good = await makeRun(config, { tensors });
  const gamma = tensors['g/1/gamma']!;
  // Filters that float16 holds as infinity.
  const bad = await makeRun(config, {
    tensors: { ...tensors, 'g/1/gamma': { ...gamma, data: gamma.data.map((value) => value * 1e7) } },
  });
  const out = join(dirname(good), 'models', 'dogs');
  const options = { out, checkpoint: 'latest', names: [], training: true, force: false } as const;
  await exportModel({ ...options, run: good, precision: 'fp16' });
  const before = await Promise.all(['generator.onnx', 'model.json'].map((name) => readFile(join(out, name))));
  await expect(exportModel({ ...options, run: bad, precision: 'fp16' })).rejects.toThrow(/try --precision fp32/);
  expect(await Promise.all(['generator.onnx', 'model.json'].map((name) => readFile(join(out, name))))).toEqual(before);
  await expect(exportModel({ ...options, out: `${out}-new`, run: bad, precision: 'fp16' })).rejects.toThrow(UserError);
  await expect(access(`${out}-new`)).rejects.toThrow();
  folders.push(dirname(good), dirname(bad));
});

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
