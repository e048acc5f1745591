import { canBreed, childLabel, parseSeed } from '@latent-dogs/latent';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
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

test('the preview of a puppy shows its parents, however long its family tree is', async () => {
  let puppy = childLabel('Anna', 'Ben', 3);
  while (canBreed(puppy, 'Anna')) puppy = childLabel(puppy, 'Anna', 1);
  expect(puppy.length).toBeGreaterThan(64);
  const html = await page(`/s/${encodeURIComponent(puppy)}?psi=2`);
  const image = new URL(property(html, 'og:image'));
  expect([image.pathname, image.searchParams.get('from'), image.searchParams.get('to')]).toEqual([
    '/interpolate',
    ...['Anna', 'Ben'].map((name) => String(parseSeed(name))),
  ]);
  expect(image.searchParams.get('truncation')).toBe('2');
  expect((await get(image.pathname + image.search)).status).toBe(200);
  expect(property(html, 'og:title')).toContain('Anna × Ben 3');
  expect(decodeURIComponent(target(html))).toBe(`/#dogs=${puppy}&psi=2`);
});

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
