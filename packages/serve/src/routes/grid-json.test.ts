import * as v from 'valibot';
import { expect, test } from 'vitest';
import { decode, largestDifference } from '../testing/pixels.ts';
import { tinyServer } from '../testing/tiny-server.ts';
import { spritesDocument } from './grid-json.ts';

const { get, made, manifest } = await tinyServer();

const spritesOf = async (query: string) => v.parse(spritesDocument, await (await get(`/grid.json?${query}`)).json());

test('each dog is where the document says', async () => {
  const { sprites, image, width, height, truncation, model } = await spritesOf(
    'seeds=3,luna,7-9&truncation=0.5&size=100',
  );
  expect(made.pictures).toBe(0);
  expect(model).toEqual({ name: 'tiny', sha256: manifest.generator.sha256 });
  expect(truncation).toBe(0.5);
  expect(sprites.map(({ name, seed }) => [name, seed])).toEqual([
    ['3', 3],
    ['luna', 84098439],
    ['7', 7],
    ['8', 8],
    ['9', 9],
  ]);
  const response = await get(image);
  expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  const sheet = await decode(response);
  expect([sheet.width, sheet.height]).toEqual([width, height]);
  for (const { seed, x, y, width: across, height: down } of sprites) {
    const single = await decode(await get(`/generate?seed=${seed}&truncation=0.5&size=100`));
    const part = Array.from({ length: 4 * across * down }, (_, i) => {
      const pixel = (y + Math.floor(i / 4 / across)) * width + x + (Math.floor(i / 4) % across);
      return sheet.data[4 * pixel + (i % 4)]!;
    });
    expect(largestDifference(part, single.data)).toBe(0);
  }
});

test('names are as they were written, so that another spelling is another answer', async () => {
  const byName = await get('/grid.json?seeds=luna');
  const byNumber = await get('/grid.json?seeds=84098439');
  expect(byName.headers.get('ETag')).not.toBe(byNumber.headers.get('ETag'));
  for (const seeds of ['100%25,a b', 'a%26b=c', '🐕']) {
    const first = await get(`/grid.json?seeds=${seeds}`);
    const again = await get(first.headers.get('Content-Location')!);
    expect([again.status, again.headers.get('ETag')]).toEqual([200, first.headers.get('ETag')]);
    expect(await again.json()).toEqual(await first.json());
  }
});

test('without seeds it is the usual grid', async () => {
  const { sprites, image } = await spritesOf('');
  expect(sprites).toHaveLength(36);
  expect((await get(image)).headers.get('ETag')).toBe((await get('/grid')).headers.get('ETag'));
  expect(sprites[35]!.seed).toBe(35);
});

test.each([
  ['seeds=0-64', 'seeds'],
  ['seeds=1,,2', 'seeds'],
  ['seeds=0-63&size=129', 'size'],
  ['format=png', 'format'],
])('%s is rejected because of %s', async (query, parameter) => {
  const response = await get(`/grid.json?${query}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map((error) => error.parameter)).toEqual([parameter]);
});
