import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readModelFolder, readTrainingWeights } from './model-folder.ts';
import { writeTinyModel } from './testing/tiny-model.ts';

let models: string;
let folder: string;
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'models-'));
  folder = await writeTinyModel(models, 'tiny', null);
});
afterEach(() => rm(models, { recursive: true }));

test('a whole folder is read', async () => {
  const { file, manifest, onnx } = await readModelFolder(folder);
  expect(file).toBe(join(folder, 'generator.onnx'));
  expect(Buffer.from(onnx).equals(await readFile(file))).toBe(true);
  expect(manifest.generator.bytes).toBe(onnx.length);
});

const edited = async (change: (json: Record<string, unknown>) => void) => {
  const file = join(folder, 'model.json');
  const json = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  change(json);
  await writeFile(file, JSON.stringify(json));
};

test.each([
  ['no folder', () => rm(folder, { recursive: true }), /tiny' holds no model \(no model\.json\); make one/],
  ['no model.json', () => rm(join(folder, 'model.json')), /tiny' holds no model \(no model\.json\); make one/],
  ['half a model.json', () => writeFile(join(folder, 'model.json'), '{'), /tiny\/model\.json: not JSON \(/],
  [
    'a field missing',
    () => edited((json) => delete json.latentSize),
    /tiny\/model\.json: field "latentSize" is missing; export the model again/,
  ],
  [
    'a direction of another size',
    () => edited((json) => Object.assign(json, { directions: [{ name: null, vector: [1], deviation: 1 }] })),
    /tiny\/model\.json: field "directions" must have vectors of length "latentSize", but is \[\{"name":null/,
  ],
  ['no ONNX file', () => rm(join(folder, 'generator.onnx')), /tiny\/generator\.onnx: can't be read/],
  [
    'another ONNX file',
    () => writeFile(join(folder, 'generator.onnx'), 'x'),
    /tiny\/generator\.onnx: not the file that model\.json describes \(1 bytes instead of \d+/,
  ],
] as const)('%s: refused, naming the folder', async (_, damage, message) => {
  await damage();
  await expect(readModelFolder(folder)).rejects.toThrow(UserError);
  await expect(readModelFolder(folder)).rejects.toThrow(message);
});

test('one changed byte is noticed', async () => {
  const file = join(folder, 'generator.onnx');
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
  await expect(readModelFolder(folder)).rejects.toThrow('not the file that model.json describes');
});

describe('training weights', () => {
  const contents = Buffer.from('weights');
  beforeEach(async () => {
    await writeFile(join(folder, 'training.safetensors'), contents);
    const sha256 = createHash('sha256').update(contents).digest('hex');
    const weights = { file: 'training.safetensors', sha256, bytes: contents.length };
    await edited((json) => Object.assign(json['training'] as object, { weights }));
  });

  test('are read', async () => {
    const { manifest, safetensors, sha256 } = await readTrainingWeights(folder);
    expect(Buffer.from(safetensors).equals(contents)).toBe(true);
    expect(sha256).toBe(manifest.training.weights!.sha256);
  });

  test.each([
    [
      'not exported',
      () => edited((json) => delete (json['training'] as Record<string, unknown>)['weights']),
      /tiny' holds no training weights: it was exported by an earlier version, or with --no-training; export its run again/,
    ],
    [
      'missing',
      () => rm(join(folder, 'training.safetensors')),
      /tiny\/training\.safetensors: can't be read .*, but model\.json names it; export the model again/,
    ],
    [
      'changed in one byte',
      () => writeFile(join(folder, 'training.safetensors'), 'Weights'),
      /tiny\/training\.safetensors: not the file that model\.json describes/,
    ],
    [
      'cut off',
      () => writeFile(join(folder, 'training.safetensors'), 'weight'),
      /not the file that model\.json describes \(6 bytes instead of 7\)/,
    ],
  ] as const)('%s: refused', async (_, damage, message) => {
    await damage();
    await expect(readTrainingWeights(folder)).rejects.toThrow(UserError);
    await expect(readTrainingWeights(folder)).rejects.toThrow(message);
    // The generator is still good.
    await readModelFolder(folder);
  });
});
