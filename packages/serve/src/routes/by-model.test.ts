import { expect, test } from 'vitest';
import { createGenerator } from '../generator.ts';
import { decode, largestDifference } from '../testing/pixels.ts';
import { otherModel, tinyDog, tinyServer } from '../testing/tiny-server.ts';

const other = await otherModel();
const { get, manifest } = await tinyServer({ more: [other] });
const digests = [manifest, other.generator.manifest].map(({ generator }) => generator.sha256) as [string, string];

test.each([
  ['', 'tiny'],
  ['&model=tiny', 'tiny'],
  ['&model=other', 'other'],
  ['&model=Other', 'other'],
  [`&model=${digests[1].slice(0, 8)}`, 'other'],
  [`&model=${digests[1].toUpperCase()}`, 'other'],
] as const)('/generate?seed=42%s is made by %s', async (query, name) => {
  const response = await get(`/generate?seed=42${query}`);
  expect([response.headers.get('Model-Name'), response.headers.get('Model-SHA256')]).toEqual([
    name,
    digests[name === 'tiny' ? 0 : 1],
  ]);
  expect(largestDifference((await decode(response)).data, tinyDog(42, 1, name))).toBeLessThanOrEqual(1);
});

test('all routes take the model, and their answers name it', async () => {
  for (const path of [
    '/generate.json?seed=1',
    '/generate/luna.png?size=64',
    '/interpolate?from=1&to=2',
    '/interpolate.json?from=1&to=2',
    '/mix?dogs=1,2',
    '/mix.json?dogs=1,2',
    '/grid?seeds=1',
  ]) {
    const [own, named] = [await get(path), await get(`${path}&model=other`)];
    expect(own.headers.get('Model-Name'), path).toBe('tiny');
    expect(named.headers.get('Model-Name'), path).toBe('other');
    expect(named.headers.get('ETag')).not.toBe(own.headers.get('ETag'));
    const again = await get(named.headers.get('Content-Location')!);
    expect([again.headers.get('ETag'), again.headers.get('Model-Name')]).toEqual([named.headers.get('ETag'), 'other']);
    expect(Buffer.from(await again.arrayBuffer()).equals(Buffer.from(await named.arrayBuffer()))).toBe(true);
  }
});

test('only a digest pins: a name may stand for the next model', async () => {
  const caching = async (named: string) =>
    (await get(`/generate?seed=1&model=${named}`, { method: 'HEAD' })).headers.get('Cache-Control');
  expect(await caching('other')).toBe('public, max-age=300, must-revalidate');
  expect(await caching(digests[1].slice(0, 8))).toBe('public, max-age=31536000, immutable');
});

test.each(['nobody', '0123456', 'x'.repeat(64)])('model=%s is 404 naming those that are served', async (named) => {
  for (const path of ['/generate?seed=1', '/generate?size=64', '/grid?seeds=1', '/model?', '/model/generator.onnx?']) {
    const response = await get(`${path}&model=${named}`);
    expect([response.status, response.headers.get('Cache-Control')]).toEqual([404, 'no-store']);
    const { type, detail } = (await response.json()) as { type: string; detail: string };
    expect(type).toBe('/docs#unknown-model');
    for (const served of ['tiny', 'other', ...digests]) expect(detail).toContain(served);
  }
});

test('a model that is given twice is refused, not chosen', async () => {
  for (const query of ['model=other&model=tiny', 'model=nobody&model=other']) {
    const response = await get(`/generate?seed=1&${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ parameter: 'model' }] });
  }
});

test('/models lists them, and /model and its file take one', async () => {
  const response = await get('/models');
  expect(response.headers.get('Cache-Control')).toBe('public, no-cache');
  const { models } = (await response.json()) as { models: { name: string; sha256: string; directions: unknown }[] };
  expect(models.map(({ name, sha256 }) => [name, sha256])).toEqual([
    ['tiny', digests[0]],
    ['other', digests[1]],
  ]);
  expect(models[1]!.directions).toEqual(['light coat … dark coat', null, 'warm … cool']);
  expect(await (await get('/model')).json()).toMatchObject({ name: 'tiny' });
  expect(await (await get('/model?model=other')).json()).toMatchObject({ name: 'other' });
  const file = await get(`/model/generator.onnx?model=other`);
  expect(file.headers.get('ETag')).toBe(`"${digests[1]}"`);
  expect(file.headers.get('Content-Disposition')).toBe('attachment; filename="other.onnx"');
  expect((await file.arrayBuffer()).byteLength).toBe(other.generator.manifest.generator.bytes);
});

test('the preview of a link is made by the model of the link, if it is served', async () => {
  const imageOf = async (model: string) => {
    const page = await (await get(`/s/luna?model=${model}`)).text();
    return new URL(/property="og:image" content="([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&')).searchParams;
  };
  expect(digests[1].startsWith((await imageOf('other~00000000')).get('model')!)).toBe(true);
  expect(digests[0].startsWith((await imageOf('nobody~00000000')).get('model')!)).toBe(true);
});

test("the usual size is the model's", async () => {
  const large = {
    ...manifest,
    name: 'large',
    size: 96,
    outputs: { ...manifest.outputs, pixels: { height: 96, width: 96 } },
  };
  const generator = createGenerator(large, async () => async () => new Uint8Array(4 * 96 * 96).fill(255));
  const server = await tinyServer({ more: [{ generator, openModelFile: () => '' }] });
  expect((await decode(await server.get('/generate?seed=1&model=large'))).width).toBe(96);
  expect((await decode(await server.get('/generate?seed=1'))).width).toBe(64);
});
