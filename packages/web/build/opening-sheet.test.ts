import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSeed } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFixtureModel } from '../src/testing/fixture-model.ts';
import { drawOpening, sheetLabels } from './opening-sheet.ts';

let models: string;
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'opening-'));
});
afterEach(() => rm(models, { recursive: true }));

test('the sheet has the dogs of the walk and the first rows of the grid, each once', () => {
  expect(sheetLabels([])).toEqual(['luna', '7', 'coco', ...['1', '2', '3', '4', '5', '6'], ...numbers(8, 46)]);
  expect(sheetLabels([95, 129, 2, 40]).slice(0, 6)).toEqual(['95', '129', '2', '40', '1', '3']);
});

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** Mean difference of two pictures, RGB, 0 to 255. */
function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

test('each dog is at its place in the sheet, and the sheet is 95 kB at most', async () => {
  const shape = { name: 'dogs', seed: 7, latentSize: 20, size: 64, channels: 8, opening: [5, 95, 2] };
  await writeFixtureModel(models, shape);
  const { webp, columns, side, labels, linkPicture } = await drawOpening(join(models, 'dogs'));
  expect(webp.length).toBeLessThanOrEqual(95_000);
  expect([labels.length, side, labels[0], labels[47]]).toEqual([48, 64, '5', '47']);
  const model = await ExportedModel.open(join(models, 'dogs'), { threads: 1 });
  const differences: number[][] = [];
  for (const at of [0, 9, 47]) {
    const [left, top] = [(at % columns) * side, Math.floor(at / columns) * side];
    const shown = await sharp(webp).extract({ left, top, width: side, height: side }).removeAlpha().raw().toBuffer();
    const compared = [at, (at + 1) % 48].map(async (i) => {
      const dog = await model.picture(parseSeed(labels[i]!));
      return meanDifference(
        shown,
        dog.filter((_, k) => k % 4 !== 3),
      );
    });
    differences.push(await Promise.all(compared));
  }
  await model.dispose();
  for (const [own, other] of differences) expect(own!).toBeLessThan(0.5 * other!);
  const { width, height, format } = await sharp(linkPicture).metadata();
  expect([width, height, format]).toEqual([1200, 630, 'jpeg']);
});
