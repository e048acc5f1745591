import { readFileSync } from 'node:fs';
import { parseModelManifest } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { tinyServer } from '../testing/tiny-server.ts';

const { get, manifest, file } = await tinyServer();

test('model.json is served unchanged', async () => {
  const response = await get('/model');
  expect(response.headers.get('Content-Type')).toBe('application/json');
  expect(parseModelManifest(await response.json())).toEqual(manifest);
});

test('the ONNX file is served with its digest as ETag', async () => {
  const response = await get('/model/generator.onnx');
  expect(response.headers.get('ETag')).toBe(`"${manifest.generator.sha256}"`);
  expect(response.headers.get('Content-Length')).toBe(String(manifest.generator.bytes));
  expect(Buffer.from(await response.arrayBuffer()).equals(readFileSync(file))).toBe(true);
});

test.each(['/model', '/model/generator.onnx'])(
  '%s: caches must revalidate, and get 304 if nothing changed',
  async (path) => {
    const response = await get(path);
    expect(response.headers.get('Cache-Control')).toBe('public, no-cache');
    const again = await get(path, { headers: { 'If-None-Match': response.headers.get('ETag')! } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('ETag')]).toEqual([200, '', response.headers.get('ETag')]);
  },
);

test('the ONNX file at a URL with its digest never changes; another digest is 404', async () => {
  const { sha256 } = manifest.generator;
  const pinned = await get(`/model/generator.onnx?model=${sha256.slice(0, 16)}`);
  expect([pinned.status, pinned.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  expect((await get(`/model/generator.onnx?model=${sha256.slice(1, 17)}`)).status).toBe(404);
});
