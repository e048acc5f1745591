import { latentFromSeed, mix, moveAlong, parseSeed, truncate } from '@latent-dogs/latent';
import { decode as decodePng } from 'fast-png';
import { expect, test } from 'vitest';
import { decode, largestDifference } from '../testing/pixels.ts';
import { tinyPicture } from '../testing/tiny-model.ts';
import { tinyServer } from '../testing/tiny-server.ts';

const { get, manifest } = await tinyServer();

const NAMES = ['anna', 'ben', 'cleo', 'dino'];
const mixture = (names: string[], x: number, y: number) =>
  mix(
    names.map((name) => latentFromSeed(parseSeed(name), 8)),
    { x, y },
  );

test.each([
  [NAMES, 0.2, 0.7],
  [NAMES, 1, 1],
  [NAMES.slice(0, 3), 0.5, 0.25],
  [NAMES.slice(0, 1), 0.5, 0.5],
])('%j at %d, %d is the mixture of the gallery and the client', async (names, x, y) => {
  const { data } = await decode(await get(`/mix?dogs=${names}&x=${x}&y=${y}`));
  expect(largestDifference(data, tinyPicture(mixture(names, x, y)))).toBeLessThanOrEqual(1);
});

test('without a place it is the middle', async () => {
  const { data } = await decode(await get('/mix?dogs=anna,ben'));
  expect(largestDifference(data, tinyPicture(mixture(['anna', 'ben'], 0.5, 0.5)))).toBeLessThanOrEqual(1);
});

test('truncation and dials come after the mixture', async () => {
  const { data } = await decode(await get('/mix?dogs=anna,ben&x=0.3&truncation=0.5&dials=warm-cool:-1'));
  const z = moveAlong(truncate(mixture(['anna', 'ben'], 0.3, 0.5), 0.5), manifest.directions, [0, 0, -1]);
  expect(largestDifference(data, tinyPicture(z))).toBeLessThanOrEqual(1);
});

test('/mix.json says what is shown', async () => {
  const paths = ['/mix.json?dogs=1,2&x=0.3&dials=1', '/mix?dogs=1-2&dials=1,0&y=.5&x=.3&format=json'];
  const [own, other] = await Promise.all(paths.map(async (path) => (await get(path)).json()));
  expect(own).toEqual(other);
  expect(own).toMatchObject({ dogs: [1, 2], x: 0.3, y: 0.5, truncation: 1, dials: [1], model: { name: 'tiny' } });
});

test('the file and its captions name the dogs', async () => {
  const response = await get('/mix?dogs=1,2,루나&x=0.3&download=1');
  expect(response.headers.get('Content-Disposition')).toBe(
    `attachment; filename="dog-1-2-${parseSeed('루나')}.png"; filename*=UTF-8''dog-1-2-${encodeURIComponent('루나')}.png`,
  );
  const { text } = decodePng(await response.arrayBuffer());
  expect(text).toMatchObject({ Dogs: `1,2,${parseSeed('루나')}`, X: '0.3', Y: '0.5' });
});

test.each([
  ['', 'dogs'],
  ['dogs=', 'dogs'],
  ['dogs=1,2,3,4,5', 'dogs'],
  ['dogs=0-4294967295', 'dogs'],
  ['dogs=1&x=1.01', 'x'],
  ['dogs=1&y=-0.1', 'y'],
  ['dogs=1&seed=2', 'seed'],
])('%s is rejected because of %s', async (query, parameter) => {
  const response = await get(`/mix?${query}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map((error) => error.parameter)).toEqual([parameter]);
});
