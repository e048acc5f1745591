import { latentFromSeed, moveAlong } from '@latent-dogs/latent';
import { decode as decodePng } from 'fast-png';
import { expect, test } from 'vitest';
import { decode, largestDifference } from '../testing/pixels.ts';
import { tinyPicture } from '../testing/tiny-model.ts';
import { tinyDog, tinyServer } from '../testing/tiny-server.ts';

const { get, manifest } = await tinyServer();

test('dogs are laid out row by row in a nearly square grid', async () => {
  const response = await get('/grid?seeds=0-2,9,7');
  expect(response.headers.get('Content-Disposition')).toBe('inline; filename="dogs-5.png"');
  const { data, width, height } = await decode(response);
  expect([width, height]).toEqual([192, 128]);
  for (const [index, seed] of [0, 1, 2, 9, 7].entries()) {
    const cell = data.filter((_, i) => {
      const [x, y] = [Math.floor(i / 4) % 192, Math.floor(i / 4 / 192)];
      return Math.floor(x / 64) === index % 3 && Math.floor(y / 64) === Math.floor(index / 3);
    });
    expect(largestDifference(cell, tinyDog(seed))).toBeLessThanOrEqual(1);
  }
});

test('without seeds it shows seeds 0 to 35', async () => {
  const response = await get('/grid');
  const { width, height, text } = decodePng(await response.arrayBuffer());
  expect([width, height]).toEqual([384, 384]);
  expect(text.Seeds).toBe(Array.from({ length: 36 }, (_, seed) => seed).join(','));
});

test('two spellings of the same seeds have one tag', async () => {
  const [a, b] = await Promise.all(['0-3', '0, 1,2,3'].map((seeds) => get(`/grid?seeds=${encodeURIComponent(seeds)}`)));
  expect(a!.headers.get('ETag')).toBe(b!.headers.get('ETag'));
});

test('dials move every dog', async () => {
  const { data } = await decode(await get('/grid?seeds=5&dials=0,1'));
  const z = moveAlong(latentFromSeed(5, 8), manifest.directions, [0, 1]);
  expect(largestDifference(data, tinyPicture(z))).toBeLessThanOrEqual(1);
});

test('webp', async () => {
  const { width, height } = await decode(await get('/grid?seeds=1,2&format=webp&size=100'));
  expect([width, height]).toEqual([200, 100]);
});

test('cells without a dog are transparent, and white where the format has no transparency', async () => {
  const corner = async (format: string) => {
    const { data } = await decode(await get(`/grid?seeds=1-3&format=${format}`));
    return Array.from(data.slice(-4));
  };
  expect((await corner('png'))[3]).toBe(0);
  expect((await corner('webp'))[3]).toBe(0);
  expect((await corner('avif'))[3]).toBe(0);
  expect(Math.min(...(await corner('jpeg')))).toBeGreaterThan(250);
});

test.each([
  ['seeds=0-64', 'seeds'],
  ['seeds=', 'seeds'],
  ['seeds=1,,2', 'seeds'],
  ['seeds=5-1', 'seeds'],
  ['seeds=0-4294967295', 'seeds'],
  ['seeds=0-63&size=129', 'size'],
  ['format=json', 'format'],
  ['seed=1', 'seed'],
])('%s is rejected because of %s', async (query, parameter) => {
  const response = await get(`/grid?${query}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map((error) => error.parameter)).toEqual([parameter]);
});

test('the largest grid is accepted', async () => {
  const { width } = await decode(await get('/grid?seeds=0-63&size=128'));
  expect(width).toBe(1024);
});
