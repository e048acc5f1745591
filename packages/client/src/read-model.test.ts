import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readModel } from './read-model.ts';

const onnx = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const side = { height: 2, width: 2 };
const manifest = {
  formatVersion: 1,
  name: 'tiny',
  latentSize: 3,
  size: 2,
  generator: {
    file: 'generator.onnx',
    sha256: createHash('sha256').update(onnx).digest('hex'),
    bytes: onnx.length,
    opset: 17,
    precision: 'fp32',
  },
  input: { name: 'z', latentSize: 3, distribution: 'normal' },
  outputs: { image: { ...side, range: [-1, 1] }, pixels: side },
  directions: [],
  training: { config: {}, imagesSeen: 0, dataset: { name: 'none', count: 0, fingerprint: 'none' } },
  metrics: {},
  parity: { latents: 1, maxAbsoluteError: 0, meanAbsoluteError: 0, psnr: null, backend: 'none' },
};

/** A site with a model folder at /models/tiny/. */
function site(files: Record<string, string | Uint8Array<ArrayBuffer>> = {}) {
  const asked: string[] = [];
  const all: typeof files = {
    '/models/tiny/model.json': JSON.stringify(manifest),
    '/models/tiny/generator.onnx': onnx,
    ...files,
  };
  const open = async ({ href, pathname }: URL) => {
    asked.push(href);
    const body = all[pathname];
    return body === undefined ? new Response('', { status: 404, statusText: 'Not Found' }) : new Response(body);
  };
  return { asked, open };
}

test.each([
  ['/models/tiny/', 'https://dogs.example/page/'],
  ['/models/tiny', 'https://dogs.example/page/'],
  ['../models/tiny/model.json', 'https://dogs.example/page/'],
  ['https://dogs.example/models/tiny', undefined],
])('reads the model at %s on a page at %s', async (source, base) => {
  const { open, asked } = site();
  const progress: number[] = [];
  const { description, onnx: bytes } = await readModel(
    source,
    { onProgress: (received, all) => progress.push(received / all) },
    base,
    open,
  );
  expect(description.name).toBe('tiny');
  expect(bytes).toEqual(onnx);
  expect(progress.at(-1)).toBe(1);
  expect(asked).toEqual([
    'https://dogs.example/models/tiny/model.json',
    `https://dogs.example/models/tiny/generator.onnx?v=${manifest.generator.sha256.slice(0, 16)}`,
  ]);
});

const read = (files: Parameters<typeof site>[0], source = '/models/tiny/') =>
  readModel(source, {}, 'https://dogs.example/', site(files).open).catch((error) => error);

test.each([
  ['a byte is wrong', onnx.with(999, 7), 'another SHA-256'],
  ['it is too short', onnx.slice(1), '999 bytes instead of 1000'],
  ['it is too long', Uint8Array.of(...onnx, 0), 'longer than 1000 bytes'],
])('refuses the generator if %s', async (_, file, message) => {
  const error = await read({ '/models/tiny/generator.onnx': file as Uint8Array<ArrayBuffer> });
  expect(error).toMatchObject({ name: 'GeneratorError', code: 'damaged' });
  expect(error.message).toContain(message);
});

test('a model in memory is checked, too, and not changed', async () => {
  const generator = onnx.slice();
  const model = await readModel({ manifest, generator: generator.buffer }, {}, undefined);
  expect(model.onnx).toEqual(onnx);
  model.onnx[0] = 9;
  expect(generator[0]).toBe(0);
  const damaged = readModel({ manifest, generator: onnx.with(0, 9) }, {}, undefined);
  await expect(damaged).rejects.toMatchObject({ code: 'damaged' });
});

test.each([
  ['no such model', {}, '/models/other/', 'download', 'https://dogs.example/models/other/model.json: 404 Not Found'],
  ['an address without a page', {}, 'https://', 'invalid-input', '"https://" is not the address of a model'],
  ['a page instead of JSON', { '/models/tiny/model.json': '<html>' }, '/models/tiny/', 'invalid-model', 'not JSON'],
  [
    'another version of the format',
    { '/models/tiny/model.json': JSON.stringify({ ...manifest, formatVersion: 9 }) },
    '/models/tiny/',
    'invalid-model',
    'field "formatVersion" must be 1, but is 9',
  ],
])('%s', async (_, files, source, code, message) => {
  const error = await read(files, source);
  expect(error).toMatchObject({ name: 'GeneratorError', code });
  expect(error.message).toContain(message);
});

test('a signal stops it with its reason', async () => {
  const stop = new AbortController();
  const { open } = site();
  const reading = readModel('/models/tiny/', { signal: stop.signal }, 'https://dogs.example/', async (address) => {
    if (address.pathname.endsWith('.onnx')) stop.abort('enough');
    stop.signal.throwIfAborted();
    return open(address);
  });
  await expect(reading).rejects.toBe('enough');
});
