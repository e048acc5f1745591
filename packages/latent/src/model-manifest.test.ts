import { expect, test } from 'vitest';
import { parseModelManifest } from './model-manifest.ts';
import { UserError } from './user-error.ts';

/** A valid model.json, as plain JSON. */
const valid = () => ({
  formatVersion: 1,
  name: 'dogs-64',
  exported: '2026-01-31T12:00:00.000Z',
  latentSize: 2,
  size: 64,
  generator: { file: 'generator.onnx', sha256: 'ab'.repeat(32), bytes: 14_000_000, opset: 17, precision: 'fp16' },
  input: { name: 'z', latentSize: 2, distribution: 'normal' },
  outputs: { image: { height: 64, width: 64, range: [-1, 1] }, pixels: { height: 64, width: 64 } },
  directions: [
    { name: 'coat: light', vector: [0.6, 0.8], deviation: 1.5 },
    { name: null, vector: [0, 1], deviation: 0 },
  ],
  training: {
    config: { preset: 'dogs', channels: 64, augment: ['color'], data: null },
    imagesSeen: 1_000_000,
    dataset: { name: 'dogs', count: 12_500, fingerprint: 'c0ffee' },
    from: { name: 'cats-64', sha256: '01'.repeat(32), imagesSeen: 500_000 },
    weights: { file: 'training.safetensors', sha256: 'cd'.repeat(32), bytes: 4_600_000 },
  },
  metrics: { kid: { mean: -0.001, deviation: 0.002 }, diversity: 0.4 },
  parity: {
    latents: 64,
    maxAbsoluteError: 1e-5,
    meanAbsoluteError: 1e-7,
    psnr: 120.5,
    backend: 'onnxruntime-node cpu',
  },
  samples: 'samples.png',
  timelapse: [{ file: 'timelapse/000100000.png', imagesSeen: 100_000 }],
});

/** `valid()` with the field at a dotted path replaced, or removed if undefined. */
function broken(path: string, value: unknown): unknown {
  const json = valid();
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, json);
  parent[last] = value;
  return JSON.parse(JSON.stringify(json));
}

test('a valid manifest is returned unchanged', () => {
  expect(parseModelManifest(valid())).toEqual(valid());
});

test.each([
  ['exported', undefined],
  ['exported', '2026-01-31T12:00:00Z'],
  ['samples', undefined],
  ['timelapse', undefined],
  ['parity.psnr', null],
  ['directions', []],
  ['metrics', {}],
  ['training.imagesSeen', 0],
  ['training.from', undefined],
  ['training.weights', undefined],
])('%s may be %j', (path, value) => {
  const json = broken(path, value);
  expect(parseModelManifest(json)).toEqual(json);
});

test.each([
  ['formatVersion', 2],
  ['formatVersion', '1'],
  ['name', ''],
  ['name', '../dogs'],
  ['name', 'Dogs 64'],
  ['exported', 1_769_860_800],
  ['exported', '2026-01-31'],
  ['exported', '2026-01-31T12:00:00+01:00'],
  ['exported', '2026-13-31T12:00:00Z'],
  ['latentSize', 0],
  ['latentSize', 1.5],
  ['size', '64'],
  ['generator.file', '/etc/passwd'],
  ['generator.file', '../generator.onnx'],
  ['generator.file', 'a/../generator.onnx'],
  ['generator.file', ''],
  ['generator.sha256', 'AB'.repeat(32)],
  ['generator.sha256', 'ab'.repeat(31)],
  ['generator.bytes', -1],
  ['generator.opset', 17.5],
  ['generator.precision', 'fp8'],
  ['input.name', 'x'],
  ['input.latentSize', 3],
  ['input.distribution', 'uniform'],
  ['outputs.image.height', 0],
  ['outputs.image', { height: 32, width: 64, range: [-1, 1] }],
  ['outputs.image.range.0', 0],
  ['outputs.image.range', '-1..1'],
  ['outputs.image.range.2', 5],
  ['outputs.pixels.width', null],
  ['outputs.pixels', { height: 64, width: 32 }],
  ['directions', {}],
  ['directions', [{ name: null, vector: [1], deviation: 1 }]],
  ['directions.0.name', ''],
  ['directions.1.vector', [0.5, 0.5]],
  ['directions.1.vector', '0,1'],
  ['directions.1.vector.0', 'x'],
  ['directions.0.deviation', -1],
  ['training.config', []],
  ['training.imagesSeen', -1],
  ['training.dataset.name', ''],
  ['training.dataset.count', 0.5],
  ['training.dataset.fingerprint', 7],
  ['training.from.name', ''],
  ['training.from.sha256', 'CD'.repeat(32)],
  ['training.from.imagesSeen', -1],
  ['training.weights.file', '../training.safetensors'],
  ['training.weights.sha256', 'cd'],
  ['training.weights.bytes', 0],
  ['metrics', [1, 2]],
  ['metrics.diversity', '0.4'],
  ['metrics.kid', []],
  ['metrics.kid.mean', null],
  ['parity.latents', 0],
  ['parity.maxAbsoluteError', -1e-9],
  ['parity.meanAbsoluteError', null],
  ['parity.psnr', 'inf'],
  ['parity.backend', ''],
  ['samples', 'https://example.org/x.png'],
  ['timelapse.0.file', '..'],
  ['timelapse.0.imagesSeen', '1'],
])('%s = %j is rejected by name', (path, value) => {
  const parse = () => parseModelManifest(broken(path, value));
  expect(parse).toThrow(UserError);
  expect(parse).toThrow(`field "${path}" must`);
});

/** Every dotted path of a value; arrays are leaves. */
const paths = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, child]) => {
    const below =
      child !== null && typeof child === 'object' && !Array.isArray(child) ? paths(child, `${prefix}${key}.`) : [];
    return [`${prefix}${key}`, ...below];
  });

const required = paths(valid()).filter(
  (path) => !/^(training\.config|metrics)\.|^(exported|samples|timelapse|training\.(from|weights))$/.test(path),
);

test.each(required)('a missing %s is reported', (path) => {
  expect(() => parseModelManifest(broken(path, undefined))).toThrow(`field "${path}" is missing`);
});

test.each([null, 'text', 7, undefined, []])('%j is not a manifest', (json) => {
  expect(() => parseModelManifest(json)).toThrow(UserError);
});

test('the message shows the value found and what to do', () => {
  expect(() => parseModelManifest(broken('generator.precision', 'fp8'))).toThrow(
    'model.json: field "generator.precision" must be "fp32", "fp16" or "int8", but is "fp8"; export the model again: pnpm export',
  );
});

test.each([
  ['outputs.pixels', { height: 64, width: 32 }, 'but is {"height":64,"width":32};'],
  ['directions.0.vector', [1, 1], 'but is [1,1];'],
  ['directions', [{ name: null, vector: [1], deviation: 1 }], 'but is [{"name":null,"vector":[1],"deviation":1}];'],
  ['latentSize', [], 'but is [];'],
  ['name', 'X'.repeat(100), `but is "${'X'.repeat(59)}…;`],
  ['exported', '2026-01-31', 'but is "2026-01-31";'],
])('a wrong %s is shown', (path, value, message) => {
  expect(() => parseModelManifest(broken(path, value))).toThrow(message);
});

test('the message names the file that is given', () => {
  expect(() => parseModelManifest(null, 'models/rex/model.json')).toThrow(
    /^models\/rex\/model\.json: its content must/,
  );
});

test('numbers that JSON cannot represent are rejected too', () => {
  const json = valid();
  json.parity.psnr = Number.POSITIVE_INFINITY;
  expect(() => parseModelManifest(json)).toThrow('field "parity.psnr" must be finite');
});
