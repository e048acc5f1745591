import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDrawnDogs } from './open.ts';
import { drawDog } from './svg.ts';
import { dogTraits } from './traits.ts';

const SIZE = 32;
const BYTES = 3 * SIZE * SIZE;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawn-dogs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function draw(seed: number, count: number, cache: string) {
  const dogs = await openDrawnDogs({ size: SIZE, seed, count, cacheDir: join(folder, cache) });
  const images = new Uint8Array(count * BYTES);
  await dogs.read(
    Array.from({ length: count }, (_, i) => i),
    images,
  );
  await dogs.close();
  return { images, fingerprint: dogs.fingerprint, name: dogs.name, count: dogs.count };
}

test('the dogs of a seed are the same each time, and the first of many are the few', async () => {
  const dogs = await draw(1, 24, 'a');
  const again = await draw(1, 24, 'b');
  const few = await draw(1, 8, 'a');
  expect(dogs).toMatchObject({ name: 'drawn-dogs', count: 24 });
  expect(again).toEqual(dogs);
  expect(few.images).toEqual(dogs.images.subarray(0, 8 * BYTES));
  expect(few.fingerprint).not.toBe(dogs.fingerprint);
});

test('the fingerprint is the same in all versions, so that old runs can be resumed', async () => {
  const { fingerprint } = await draw(1, 8, 'a');
  expect(fingerprint).toBe('28485c8ed849c12764354b3bbab04efc76b663888eba993254675f76cf033887');
});

test('no two dogs are alike, of one seed or of two', async () => {
  const dogs = await Promise.all([draw(1, 100, 'a'), draw(2, 100, 'a')]);
  const pictures = dogs.flatMap(({ images }) =>
    Array.from({ length: 100 }, (_, i) => Buffer.from(images.subarray(i * BYTES, (i + 1) * BYTES)).toString('base64')),
  );
  expect(new Set(pictures).size).toBe(200);
});

test('are drawn once: a second opening only opens', async () => {
  await draw(3, 8, 'once');
  const files = readdirSync(join(folder, 'once'));
  let drawn = 0;
  const dogs = await openDrawnDogs({
    size: SIZE,
    seed: 3,
    count: 8,
    cacheDir: join(folder, 'once'),
    onProgress: () => drawn++,
  });
  await dogs.close();
  expect(drawn).toBe(0);
  expect(readdirSync(join(folder, 'once'))).toEqual(files);
});

test('every coat and every kind of ear is drawn, by numbers throughout', () => {
  const coats = new Set<string>();
  const ears = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    const traits = dogTraits(0, index);
    coats.add(traits.coat.ears.join() + traits.coat.weight + traits.coat.fur[1]);
    ears.add(traits.ears.shape);
    expect(drawDog(traits, 64)).not.toMatch(/NaN|Infinity|undefined|null/);
  }
  expect(ears).toEqual(new Set(['pricked', 'folded', 'floppy', 'long']));
  expect(coats.size).toBeGreaterThan(15);
});

test('the face fills the middle: background and middle differ in most pictures, corners and middle are rarely alike', async () => {
  const { images } = await draw(4, 64, 'a');
  const at = (i: number, x: number, y: number) => [0, 1, 2].map((c) => images[i * BYTES + (y * SIZE + x) * 3 + c]!);
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, c) => value - b[c]!));
  const apart = Array.from({ length: 64 }, (_, i) => distance(at(i, 1, 1), at(i, 16, 15))).filter((d) => d > 20);
  expect(apart.length).toBeGreaterThan(50);
});
