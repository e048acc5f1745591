/** Puppies wherever a dog may be named. */
import { canBreed, childLabel, fileNameOf, labelLatent, labelName, mix, parseSeed, slerp } from '@latent-dogs/latent';
import { decode as decodePng } from 'fast-png';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { decode, largestDifference } from '../testing/pixels.ts';
import { tinyPicture } from '../testing/tiny-model.ts';
import { tinyServer } from '../testing/tiny-server.ts';

const { get, made } = await tinyServer();

const PUPPY = childLabel('Anna', 'Ben', 3);
const GRANDCHILD = childLabel(PUPPY, 'Max, the 1st / 루나', 2);
const latent = (label: string) => labelLatent(label, 8);
const encoded = encodeURIComponent;

/** The picture of a request, beside that of z, which the client makes for the same dogs. */
async function expectPicture(path: string, z: Float32Array) {
  const response = await get(path);
  expect(response.status, path).toBe(200);
  expect(largestDifference((await decode(response)).data, tinyPicture(z)), path).toBeLessThanOrEqual(1);
}

test.each([PUPPY, GRANDCHILD, '(Zoe\u0308*Ben)1', '(x)', '(a*b)9'])('%s is the dog of the client', async (label) => {
  const z = latent(label);
  await expectPicture(`/generate?seed=${encoded(label)}`, z);
  await expectPicture(`/generate/${encoded(label)}.png`, z);
  await expectPicture(`/mix?dogs=${encoded(label)}`, z);
  await expectPicture(`/grid?seeds=${encoded(label)}`, z);
  await expectPicture(`/interpolate?from=${encoded(label)}&to=rex&t=0.25`, slerp(z, latent('rex'), 0.25));
  await expectPicture(`/interpolate?from=rex&to=${encoded(label)}&t=0.25`, slerp(latent('rex'), z, 0.25));
  const { z: own } = (await (await get(`/generate.json?seed=${encoded(label)}`)).json()) as { z: number[] };
  expect(own).toEqual(Array.from(z));
});

test('a list may hold puppies among seeds and ranges, also with commas in the names of their parents', async () => {
  const dogs = ['rex', PUPPY, GRANDCHILD, '7'];
  await expectPicture(
    `/mix?dogs=${encoded(`rex,${PUPPY},${GRANDCHILD},7`)}&x=0.2&y=0.7`,
    mix(dogs.map(latent), { x: 0.2, y: 0.7 }),
  );
  const sheet = await decode(await get(`/grid?seeds=6-7,${encoded(`${PUPPY},${GRANDCHILD}`)}`));
  const { sprites } = (await (await get(`/grid.json?seeds=6-7,${PUPPY},${encoded(GRANDCHILD)}`)).json()) as {
    sprites: { name: string; seed: number | string; x: number; y: number }[];
  };
  expect(sprites.map(({ name, seed }) => [name, seed])).toEqual([
    ['6', 6],
    ['7', 7],
    [PUPPY, PUPPY],
    [GRANDCHILD, GRANDCHILD],
  ]);
  for (const { name, x, y } of sprites) {
    const part = Array.from({ length: 4 * 64 * 64 }, (_, i) => {
      const pixel = (y + Math.floor(i / 4 / 64)) * 128 + x + (Math.floor(i / 4) % 64);
      return sheet.data[4 * pixel + (i % 4)]!;
    });
    expect(largestDifference(part, tinyPicture(latent(name))), name).toBeLessThanOrEqual(1);
  }
});

test('the archive has a file of each, named as the gallery names it', async () => {
  const seeds = [PUPPY, GRANDCHILD];
  const files = unzipSync(
    new Uint8Array(await (await get(`/generate.zip?seeds=${seeds.map(encoded).join(',')}`)).arrayBuffer()),
  );
  const names = seeds.map((label) => `${fileNameOf([labelName(label)])}.png`);
  expect(names[0]).toBe('dog-Anna_Ben_3.png');
  expect(Object.keys(files)).toEqual(['dogs.json', ...names]);
  expect(JSON.parse(strFromU8(files['dogs.json']!)).dogs).toEqual(
    seeds.map((label, index) => ({ file: names[index], name: label, seed: label })),
  );
});

test('file, captions and JSON name the puppy', async () => {
  const saved = await get(`/generate?seed=${encoded(PUPPY)}&download=1`);
  expect(saved.headers.get('Content-Disposition')).toBe('attachment; filename="dog-Anna_Ben_3.png"');
  expect(decodePng(await saved.arrayBuffer()).text).toMatchObject({ Seed: PUPPY });
  const other = await get(`/mix?dogs=1,${encoded('(루나*a,b)3')}&download=1`);
  const name = encoded('dog-1-루나_a_b_3.png');
  expect(other.headers.get('Content-Disposition')).toBe(
    `attachment; filename="dog-1-_a_b_3.png"; filename*=UTF-8''${name}`,
  );
  expect(Buffer.from(await other.arrayBuffer()).includes('iTXtDogs\0\0\0\0\x001,(루나*a,b)3')).toBe(true);
  const json = await (await get(`/interpolate.json?from=${PUPPY}&to=luna`)).json();
  expect(json).toMatchObject({ from: PUPPY, to: parseSeed('luna') });
});

test.each([
  `/generate?seed=${encoded(GRANDCHILD)}`,
  `/mix?dogs=1,${encoded(GRANDCHILD)},${PUPPY}`,
  `/grid?seeds=1-3,${encoded(GRANDCHILD)}`,
  `/grid.json?seeds=1-3,${encoded(GRANDCHILD)}`,
  `/interpolate?from=${PUPPY}&to=${encoded(GRANDCHILD)}`,
])('Content-Location of %s is a URL of the same answer', async (path) => {
  const first = await get(path, { method: 'HEAD' });
  const again = await get(first.headers.get('Content-Location')!, { method: 'HEAD' });
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.headers.get('ETag')).toBe(first.headers.get('ETag'));
});

test('spellings of one label have one tag, other puppies have others', async () => {
  const labels = ['(Zoe\u0308*Ben)1', '(Zo\u00eb*Ben)1', '(Zoe*Ben)1', '(Zo\u00eb*Ben)2', '(Ben*Zo\u00eb)1'];
  const tags = await Promise.all(
    labels.map(async (label) =>
      (await get(`/generate?seed=${encoded(label)}`, { method: 'HEAD' })).headers.get('ETag'),
    ),
  );
  expect(tags[0]).toBe(tags[1]);
  expect(new Set(tags).size).toBe(4);
});

let deep = 'Anna';
while (canBreed(deep, 'Ben')) deep = childLabel(deep, 'Ben', 4);
const tooDeep = childLabel(deep, 'Ben', 4);
const long = childLabel('Anna'.repeat(10), 'Ben'.repeat(10), 1);

test('the longest family tree is answered, one generation more is refused', async () => {
  await expectPicture(`/generate?seed=${deep}`, latent(deep));
  expect((await get(`/generate?seed=${tooDeep}`)).status).toBe(400);
});

test.each([
  ['seed', `/generate?seed=${tooDeep}`, 'it has 242 characters, too many generations'],
  ['seed', `/generate/${long.replace(')', '')}.png`, 'a closing parenthesis is missing'],
  ['seed', `/generate.json?seed=${long})1`, 'an opening parenthesis is missing'],
  ['from', `/interpolate?from=${long.replace(/1$/, '9')}&to=1`, 'its number is missing or wrong'],
  ['to', `/interpolate?from=1&to=${tooDeep}`, 'too many generations'],
  ['dogs', `/mix?dogs=1,${tooDeep}`, 'too many generations'],
  ['seeds', `/grid?seeds=${tooDeep},1`, 'too many generations'],
  ['seeds', `/grid.json?seeds=${tooDeep},1`, 'too many generations'],
  ['seeds', `/generate.zip?seeds=(${'x'.repeat(65)}*b)1`, 'has 65 characters'],
])('%s of %s is refused: %s', async (parameter, path, reason) => {
  const before = made.pictures;
  const response = await get(path);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([400, 'application/problem+json']);
  const { errors } = (await response.json()) as { errors: { parameter: string; detail: string }[] };
  expect(errors).toMatchObject([{ parameter, detail: expect.stringContaining(reason) }]);
  expect(made.pictures).toBe(before);
});
