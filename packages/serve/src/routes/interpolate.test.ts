import { latentFromSeed, moveAlong, slerp } from '@latent-dogs/latent';
import { decodeApng, decode as decodePng } from 'fast-png';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decode, largestDifference, withAlpha } from '../testing/pixels.ts';
import { tinyPicture } from '../testing/tiny-model.ts';
import { tinyDog, tinyServer } from '../testing/tiny-server.ts';

const { get, manifest } = await tinyServer();

const between = (t: number) => tinyPicture(slerp(latentFromSeed(1, 8), latentFromSeed(2, 8), t));

test('the ends are the two dogs, with the slerp arc between them', async () => {
  for (const [t, dog] of [
    ['0', tinyDog(1)],
    ['1', tinyDog(2)],
    ['0.25', between(0.25)],
  ] as const) {
    const { data } = await decode(await get(`/interpolate?from=1&to=2&t=${t}`));
    expect(largestDifference(data, dog)).toBeLessThanOrEqual(1);
  }
  const halfway = await decode(await get('/interpolate?from=1&to=2'));
  expect(largestDifference(halfway.data, between(0.5))).toBeLessThanOrEqual(1);
});

test('an animation shows the whole path', async () => {
  const response = await get('/interpolate?from=1&to=2&frames=5');
  expect(response.headers.get('Content-Type')).toBe('image/apng');
  const { frames, text } = decodeApng(await response.arrayBuffer(), { checkCrc: true });
  expect(frames).toHaveLength(5);
  for (const [index, { data }] of frames.entries()) {
    expect(largestDifference(withAlpha(data), between(index / 4))).toBeLessThanOrEqual(1);
  }
  expect(text).toMatchObject({ From: '1', To: '2', Frames: '5' });
});

test('dials move every picture of the path', async () => {
  const turned = (t: number) =>
    tinyPicture(moveAlong(slerp(latentFromSeed(1, 8), latentFromSeed(2, 8), t), manifest.directions, [2]));
  const response = await get('/interpolate?from=1&to=2&frames=3&dials=2');
  const { frames, text } = decodeApng(await response.arrayBuffer());
  for (const [index, { data }] of frames.entries()) {
    expect(largestDifference(withAlpha(data), turned(index / 2))).toBeLessThanOrEqual(1);
  }
  expect(text.Dials).toBe('2');
  const point = await decode(await get('/interpolate?from=1&to=2&t=0.25&dials=2'));
  expect(largestDifference(point.data, turned(0.25))).toBeLessThanOrEqual(1);
});

test('an animated WebP shows the whole path: its frames are the still WebPs', async () => {
  const response = await get('/interpolate?from=1&to=2&frames=5&format=webp&size=77');
  expect(response.headers.get('Content-Type')).toBe('image/webp');
  expect(response.headers.get('Content-Disposition')).toBe('inline; filename="dog-1-2.webp"');
  const animation = sharp(Buffer.from(await response.arrayBuffer()), { animated: true });
  const { pages, delay, loop, width, pageHeight } = await animation.metadata();
  expect({ pages, delay, loop, width, pageHeight }).toEqual({
    pages: 5,
    delay: [80, 80, 80, 80, 80],
    loop: 0,
    width: 77,
    pageHeight: 77,
  });
  const frames = await animation.ensureAlpha().raw().toBuffer();
  for (const [index, t] of [0, 0.25, 0.5, 0.75, 1].entries()) {
    const still = await decode(await get(`/interpolate?from=1&to=2&t=${t}&format=webp&size=77`));
    const frame = frames.subarray(index * 4 * 77 * 77, (index + 1) * 4 * 77 * 77);
    expect(largestDifference(frame, still.data)).toBeLessThanOrEqual(1);
  }
});

test.each([
  ['image/avif,image/webp,image/apng,*/*;q=0.8', '&frames=3', 'image/webp'],
  ['image/apng,*/*', '&frames=3', 'image/apng'],
  ['*/*', '&frames=3', 'image/apng'],
  ['image/avif,image/webp,image/apng,*/*;q=0.8', '', 'image/avif'],
  ['*/*', '', 'image/jpeg'],
])('format=auto with Accept: %s, and the query %s, is %s', async (accept, query, mediaType) => {
  const response = await get(`/interpolate?from=1&to=2&format=auto${query}`, { headers: { Accept: accept } });
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, mediaType]);
  const { pages = 1 } = await sharp(Buffer.from(await response.arrayBuffer()), { animated: true }).metadata();
  if (mediaType === 'image/webp') expect(pages).toBe(3);
});

test('a strip shows the whole path side by side', async () => {
  const response = await get('/interpolate?from=1&to=2&frames=3&format=strip&size=64');
  expect(response.headers.get('Content-Disposition')).toBe('inline; filename="dog-1-2.png"');
  const { data, width, height } = await decode(response);
  expect([width, height]).toEqual([192, 64]);
  for (const index of [0, 1, 2]) {
    const part = data.filter((_, i) => Math.floor((Math.floor(i / 4) % 192) / 64) === index);
    expect(largestDifference(part, between(index / 2))).toBeLessThanOrEqual(1);
  }
});

test('frames and format imply each other', async () => {
  const animation = await get('/interpolate?from=1&to=2&format=apng&size=100');
  const { frames } = decodeApng(await animation.arrayBuffer());
  expect(frames).toHaveLength(24);
  expect(frames[0]!.data).toHaveLength(3 * 100 * 100);
  const still = await get('/interpolate?from=1&to=2&t=0.5&format=json');
  expect(still.headers.get('Content-Type')).toBe('application/json');
  expect(await still.json()).toMatchObject({ from: 1, to: 2, t: 0.5, truncation: 1 });
});

test('a single picture names its parameters', async () => {
  const { text } = decodePng(await (await get('/interpolate?from=rex&to=2&t=.5&truncation=0.5')).arrayBuffer());
  expect(text).toMatchObject({ To: '2', T: '0.5', Truncation: '0.5', Model: 'tiny' });
  expect(text.From).toMatch(/^\d+$/);
});

test.each([
  ['from=1', 'to'],
  ['to=1', 'from'],
  ['from=1&to=2&t=1.01', 't'],
  ['from=1&to=2&t=-0.1', 't'],
  ['from=1&to=2&frames=1', 'frames'],
  ['from=1&to=2&frames=65', 'frames'],
  ['from=1&to=2&frames=2.5', 'frames'],
  ['from=1&to=2&frames=4&t=0.5', 't'],
  ['from=1&to=2&format=apng&t=0.5', 't'],
  ['from=1&to=2&frames=4&format=png', 'format'],
  ['from=1&to=2&frames=4&format=avif', 'format'],
  ['from=1&to=2&frames=4&format=jpeg', 'format'],
  ['from=1&to=2&frames=64&format=apng&size=257', 'size'],
  ['from=1&to=2&frames=64&format=webp&size=257', 'size'],
  ['from=1&to=2&frames=64&format=auto&size=257', 'size'],
  ['from=1&to=2&frames=5&format=strip&size=512', 'size'],
])('%s is rejected because of %s', async (query, parameter) => {
  const response = await get(`/interpolate?${query}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map((error) => error.parameter)).toEqual([parameter]);
});

test('the largest animation and strip are accepted', async () => {
  expect((await get('/interpolate?from=1&to=2&frames=64&format=apng&size=256')).status).toBe(200);
  expect((await get('/interpolate?from=1&to=2&frames=4&format=strip&size=512')).status).toBe(200);
});

test('/interpolate.json is format=json of a point', async () => {
  const paths = ['/interpolate.json?from=1&to=2&t=0.25', '/interpolate?from=1&to=2&t=0.25&format=json'];
  const [own, other] = await Promise.all(paths.map(async (path) => (await get(path)).json()));
  expect(own).toEqual(other);
  expect((await get('/interpolate.json?from=1&to=2&frames=3')).status).toBe(400);
});
