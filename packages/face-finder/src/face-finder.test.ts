import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FaceFinder } from './face-finder.ts';
import { type DogPicture, dogPicture, FACES } from './testing/dog-pictures.ts';

// Without threads ONNX Runtime starts no workers, which Node would not have.
web.env.wasm.numThreads = 1;

const packageFolder = join(import.meta.dirname, '..');

let native: FaceFinder;
let wasm: FaceFinder;
beforeAll(async () => {
  const model = await readFile(join(packageFolder, 'finder.onnx'));
  native = await FaceFinder.create(node, model);
  wasm = await FaceFinder.create(web, model);
});
afterAll(() => Promise.all([native.dispose(), wasm.dispose()]));

/** Each generated face in a picture of its own: wide, square and tall ones, the face at another place in each. */
const dogPictures = (): Promise<DogPicture[]> =>
  Promise.all(
    Array.from({ length: FACES }, (_, i) => {
      const [width, height] = (
        [
          [400, 300],
          [320, 320],
          [300, 400],
        ] as const
      )[i % 3]!;
      const side = 110 + 8 * i;
      const x = Math.round(((width - side) * ((i * 5) % 12)) / 11);
      const y = Math.round(((height - side) * ((i * 7) % 12)) / 11);
      return dogPicture(i, width, height, { x, y, side });
    }),
  );

describe('finder.onnx', () => {
  test('finds generated faces where they are', async () => {
    let close = 0;
    for (const { picture, face } of await dogPictures()) {
      const found = await native.findSquare(picture);
      if (!found) continue;
      const distance = (axis: 'x' | 'y') => found[axis] + found.side / 2 - face[axis] - face.side / 2;
      const errors = [distance('x'), distance('y'), found.side - face.side].map((error) => Math.abs(error) / face.side);
      if (Math.max(...errors) <= 0.2) close++;
    }
    expect(close).toBeGreaterThanOrEqual(9);
  });

  test('gives the same squares on onnxruntime-node and on WebAssembly', async () => {
    let found = 0;
    for (const { picture } of await dogPictures()) {
      const [a, b] = [await native.findSquare(picture), await wasm.findSquare(picture)];
      expect(a === null).toBe(b === null);
      if (!a || !b) continue;
      found++;
      expect({ ...b, score: 0 }).toEqual({ ...a, score: 0 });
      expect(b.score).toBeCloseTo(a.score, 4);
    }
    expect(found).toBeGreaterThan(0);
  });

  test('finds nothing in pictures of one colour, stripes or noise', async () => {
    const [width, height] = [200, 150];
    const picture = (value: (x: number, y: number, c: number) => number) => ({
      width,
      height,
      channels: 3 as const,
      pixels: Uint8Array.from({ length: width * height * 3 }, (_, i) =>
        value(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
      ),
    });
    const empty = [
      picture(() => 0),
      picture((_x, _y, c) => [140, 110, 80][c]!),
      picture((x) => (x % 40 < 20 ? 40 : 200)),
      picture((x, y, c) => (Math.imul(x * 31 + y * 1009 + c * 7 + 1, 2654435761) >>> 9) & 255),
      picture((x, y) => x / 2 + y),
    ];
    for (const one of empty) expect(await native.find(one)).toBeNull();
  });
});

/** The photos are not in the repository; with them beside it, the finder is tested on some that it was not trained on. */
const data = ['..', '../..']
  .map((up) => join(packageFolder, '../..', up, 'shared/data'))
  .find((path) => existsSync(path));

test.skipIf(data === undefined)(
  `photos held back${data === undefined ? ': skipped, there is no ../shared/data beside the repository' : ''}`,
  async () => {
    const index = await readFile(join(data!, 'dog-faces/index.csv'), 'utf8');
    // kaggle/00000.jpg,kaggle,kaggle-200px:dog.7.jpg,x,y,w,h,size,WxH,…: numbers that end in 7 were not trained on.
    const rows = index.split('\n').flatMap((line) => {
      const [, , source, x, y, w, h, , resolution] = line.split(',');
      const number = /:dog\.(\d*7)\.jpg$/.exec(source ?? '')?.[1];
      const [width, height] = (resolution ?? '').split('x').map(Number) as [number, number];
      return number
        ? [{ number, x: Number(x) / width, y: Number(y) / height, w: Number(w) / width, h: Number(h) / height }]
        : [];
    });
    let close = 0;
    const some = rows.slice(0, 60);
    for (const { number, x, y, w, h } of some) {
      const photo = sharp(join(data!, `kaggle-dogs/dog.${number}.jpg`));
      const { data: pixels, info } = await photo.raw().toBuffer({ resolveWithObject: true });
      const face = await native.find({ width: info.width, height: info.height, pixels, channels: 3 });
      if (!face) continue;
      const side = Math.sqrt(w * h);
      const isNear = Math.abs(face.x - x - w / 2) < 0.15 * w && Math.abs(face.y - y - h / 2) < 0.15 * h;
      if (isNear && Math.abs(face.side / side - 1) < 0.15) close++;
    }
    expect(some).toHaveLength(60);
    expect(close / some.length).toBeGreaterThan(0.6);
  },
);
