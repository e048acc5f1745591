import { canBreed, childLabel, labelLatent, mix, moveAlong, slerp, truncate } from '@latent-dogs/latent';
import { type DecodedPng, decode } from 'fast-png';
import { expect, test } from 'vitest';
import { largestDifference } from '../testing/pixels.ts';
import { tinyPicture } from '../testing/tiny-model.ts';
import { tinyServer } from '../testing/tiny-server.ts';

const { get, manifest } = await tinyServer();
const ORIGIN = 'https://dogs.example';
const DIGITS = manifest.generator.sha256.slice(0, 16);

const page = async (path: string) => (await get(`${ORIGIN}${path}`)).text();

/** What a browser reads from an attribute of a page. */
function attribute(html: string, pattern: RegExp): string {
  const [, value] = pattern.exec(html) ?? [];
  return value!
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
const property = (html: string, name: string) =>
  attribute(html, new RegExp(`<meta property="${name}" content="([^"]*)"`));
const target = (html: string) => attribute(html, /<meta http-equiv="refresh" content="0; url=([^"]*)"/);

test.each([
  ['luna', 1, 512, 512],
  ['luna,42', 2, 1020, 340],
  ['1,2,3', 3, 1024, 1024],
  ['1,2,3,4,5', 5, 1023, 682],
  ['1,2,3,4,5,6,7,8,9,10,11,12', 12, 1024, 768],
])('/s/%s names a picture of its dogs, with its size', async (dogs, count, width, height) => {
  const response = await get(`${ORIGIN}/s/${dogs}`);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
  const html = await response.text();
  const image = new URL(property(html, 'og:image'));
  expect(image.origin).toBe(ORIGIN);
  expect(image.searchParams.get('model')).toBe(DIGITS);
  const picture = await get(image.href);
  expect([picture.status, picture.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  const decoded = decode(await picture.arrayBuffer());
  expect([decoded.width, decoded.height]).toEqual([width, height]);
  expect([property(html, 'og:image:width'), property(html, 'og:image:height')].map(Number)).toEqual([width, height]);
  expect(property(html, 'og:title')).toBe(`${dogs.split(',').join(' → ')} · Latent Dogs`);
  expect(html).toContain(`name="twitter:card" content="${count === 1 ? 'summary' : 'summary_large_image'}"`);
});

test('the picture is that of the same dogs', async () => {
  const [image] = await Promise.all(['/s/luna'].map(async (path) => property(await page(path), 'og:image')));
  const [shared, direct] = await Promise.all([get(image!), get('/generate?seed=luna&size=512')]);
  expect(Buffer.from(await shared.arrayBuffer()).equals(Buffer.from(await direct.arrayBuffer()))).toBe(true);
});

test('it leads to the same picture in the gallery', async () => {
  const html = await page(
    '/s/Anna%2C%20B,%EB%A3%A8%EB%82%98,100%25?at=0.35&dials=1.5,-2&psi=0.8&model=dogs-64~768cb01a',
  );
  const fragment = '#dogs=Anna%2C%20B,%EB%A3%A8%EB%82%98,100%25&at=0.35&dials=1.5,-2&psi=0.8&model=dogs-64~768cb01a';
  expect(target(html)).toBe(`/${fragment}`);
  expect(html).toContain('Anna, B → 루나 → 100%');
  expect(new URL(property(html, 'og:image')).searchParams.get('truncation')).toBe('0.8');
});

/** The pixels of the picture that a link previews. */
async function previewOf(path: string) {
  const html = await page(path);
  const image = new URL(property(html, 'og:image'));
  const response = await get(image.href);
  expect(response.status, image.href).toBe(200);
  const decoded = decode(await response.arrayBuffer());
  expect([property(html, 'og:image:width'), property(html, 'og:image:height')].map(Number)).toEqual([
    decoded.width,
    decoded.height,
  ]);
  return { html, image, decoded };
}

/** One pixel of each square of a dog of the tiny model, in the picture at x and y, `size` pixels wide. */
const squares = ({ data, width, channels }: DecodedPng, x: number, y: number, size: number) =>
  Array.from({ length: 8 * 8 }, (_, i) => {
    const at = (half: number) => Math.floor(((half + 0.5) * size) / 8);
    const pixel = (y + at(Math.floor(i / 8))) * width + x + at(i % 8);
    return Array.from(data.slice(channels * pixel, channels * pixel + 3));
  }).flat();

/** The same of z's own picture. */
function squaresOf(z: Float32Array) {
  const pixels = tinyPicture(z);
  return squares({ data: pixels, width: 64, channels: 4 } as unknown as DecodedPng, 0, 0, 64);
}

/** Within 4 of 255, which enlarging may change in the middle of a square. */
function expectDog(found: ArrayLike<number>, z: Float32Array) {
  expect(largestDifference(found, squaresOf(z))).toBeLessThanOrEqual(4);
}

const PUPPY = childLabel('Anna', 'Ben', 3);
const NIECE = childLabel(PUPPY, 'Max, 1st', 2);
const latent = (label: string) => labelLatent(label, 8);

test('the preview of a puppy is the puppy, however long its family tree is', async () => {
  let puppy = PUPPY;
  while (canBreed(puppy, 'Anna')) puppy = childLabel(puppy, 'Anna', 1);
  expect(puppy.length).toBeGreaterThan(64);
  const { html, decoded } = await previewOf(`/s/${encodeURIComponent(puppy)}?psi=1.5`);
  expectDog(squares(decoded, 0, 0, 512), truncate(latent(puppy), 1.5));
  expect(property(html, 'og:title')).toContain('Anna × Ben 3');
  expect(decodeURIComponent(target(html))).toBe(`/#dogs=${puppy}&psi=1.5`);
});

test('puppies are in strips and grids, too', async () => {
  const path = [PUPPY, NIECE].map(encodeURIComponent).join(',');
  const strip = await previewOf(`/s/${path}`);
  for (const [index, z] of [latent(PUPPY), slerp(latent(PUPPY), latent(NIECE), 0.5), latent(NIECE)].entries())
    expectDog(squares(strip.decoded, 340 * index, 0, 340), z);
  const grid = await previewOf(`/s/rex,${path}`);
  expectDog(squares(grid.decoded, 512, 0, 512), latent(PUPPY));
  expectDog(squares(grid.decoded, 0, 512, 512), latent(NIECE));
});

test('a link as long as a URL may be has a preview, of the dogs for which there is room', async () => {
  const name = '\ub8e8\ub098'.repeat(21);
  // 2 x 42 characters of 9 bytes each in percent-encoding, and 8 others.
  const dogs = Array.from({ length: 10 }, (_, i) => encodeURIComponent(childLabel(`${name}${i}`, `${name}x`, 1)));
  const linkTo = (last: string) =>
    `/s/${dogs},${encodeURIComponent(childLabel(last, 'b', 1))}?psi=0.123&dials=-2.123,-2.123,-2.123`;
  const room = 8192 - `${ORIGIN}${linkTo('')}`.length;
  const link = linkTo('\ub8e8'.repeat(Math.floor(room / 9)) + 'x'.repeat(room % 9));
  expect(`${ORIGIN}${link}`.length).toBe(8192);
  const { image, decoded } = await previewOf(link);
  expect(image.searchParams.get('seeds')!.split(',').length).toBe(10);
  expect([decoded.width, decoded.height]).toEqual([1024, 768]);
});

test('the preview of a mix is that mix, with truncation and dials', async () => {
  const path = ['anna', PUPPY, NIECE, '42', 'left out'].map(encodeURIComponent).join(',');
  const { html, decoded } = await previewOf(`/s/${path}?mix=0.2,0.7&psi=0.8&dials=1.5,0,-2,1&model=tiny~00000000`);
  const z = mix(['anna', PUPPY, NIECE, '42'].map(latent), { x: 0.2, y: 0.7 });
  expectDog(squares(decoded, 0, 0, 512), moveAlong(truncate(z, 0.8), manifest.directions, [1.5, 0, -2]));
  expect(property(html, 'og:title')).toContain('anna · Anna × Ben 3 · ');
  const other = await previewOf('/s/anna,ben?mix=1,9');
  expectDog(squares(other.decoded, 0, 0, 512), latent('ben'));
});

test('dials move one dog, both ends of a strip and all of a grid', async () => {
  const moved = (label: string) => moveAlong(latent(label), manifest.directions, [0, 2.125, -3]);
  const dials = 'dials=0,2.125,-9';
  expectDog(squares((await previewOf(`/s/luna?${dials}`)).decoded, 0, 0, 512), moved('luna'));
  const strip = await previewOf(`/s/luna,rex?${dials}`);
  expectDog(squares(strip.decoded, 680, 0, 340), moved('rex'));
  const grid = await previewOf(`/s/luna,rex,42?${dials}`);
  expectDog(squares(grid.decoded, 0, 512, 512), moved('42'));
});

test.each(['mix=', 'mix=x', 'mix=,1', 'dials=,,x', 'dials=0,0', 'dials=9,9,9,9,9,9', 'psi=x', 'psi=', 'psi=1e-9,3'])(
  'a link that people edited has a preview, as the gallery reads it: %s',
  async (query) => {
    await previewOf(`/s/luna,rex?${query}`);
  },
);

test('names cannot add anything to the page', async () => {
  const name = `"><script>alert(1)</script>'&`;
  const html = await page(`/s/${encodeURIComponent(name)}`);
  expect(html).not.toContain('<script');
  expect(property(html, 'og:title')).toBe(`${name} · Latent Dogs`);
  expect(decodeURIComponent(target(html))).toBe(`/#dogs=${name}`);
  expect(html.match(/<meta /g)!.length).toBe((await page('/s/luna')).match(/<meta /g)!.length);
});

test.each([
  ['/s/%ff', 'dogs'],
  ['/s/%', 'dogs'],
  ['/s/,', 'dogs'],
  ['/s/luna,', 'dogs'],
  [`/s/${'x'.repeat(65)}`, 'dogs'],
  [`/s/${Array.from({ length: 13 }, (_, i) => i).join(',')}`, 'dogs'],
  ['/s/luna?at=%22%3E', 'at'],
  ['/s/luna?%3Cb%3E=1', '<b>'],
  [`/s/luna?${Array.from({ length: 17 }, () => 'at=1').join('&')}`, 'query'],
])('%s is refused, naming %s', async (path, parameter) => {
  const response = await get(ORIGIN + path);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([400, 'application/problem+json']);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map((error) => error.parameter)).toEqual([parameter]);
});

test('a path of 10 kB is refused; /s/ alone and deeper paths are not found', async () => {
  expect((await get(`${ORIGIN}/s/${'luna,'.repeat(2000)}`)).status).toBe(414);
  expect((await get(`${ORIGIN}/s/`)).status).toBe(404);
  expect((await get(`${ORIGIN}/s/luna/42`)).status).toBe(404);
});

test('an unchanged page is answered 304, and HEAD without a body', async () => {
  const first = await get(`${ORIGIN}/s/luna,42`);
  const tag = first.headers.get('ETag')!;
  expect((await get(`${ORIGIN}/s/luna,42`, { headers: { 'If-None-Match': tag } })).status).toBe(304);
  expect((await get(`${ORIGIN}/s/rex,42`, { headers: { 'If-None-Match': tag } })).status).toBe(200);
  const head = await get(`${ORIGIN}/s/luna,42`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('behind a proxy the picture has the scheme that the client used', async () => {
  const { get: behindProxy } = await tinyServer({ schemeOf: () => 'https' });
  const html = await (await behindProxy('http://dogs.example/s/luna')).text();
  expect(property(html, 'og:image')).toMatch(/^https:\/\/dogs\.example\/generate\?/);
  expect(property(html, 'og:url')).toBe('https://dogs.example/s/luna');
});

test('robots of sites that show previews may fetch the picture', async () => {
  const robots = await (await get('/robots.txt')).text();
  const groups = robots.split('\n\n');
  expect(groups.find((group) => group.includes('Twitterbot'))).toMatch(/\nAllow: \/\n?$/);
});
