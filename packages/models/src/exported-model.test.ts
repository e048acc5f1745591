import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latentFromSeed, UserError } from '@latent-dogs/latent';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExportedModel } from './exported-model.ts';
import { LATENT, SIZE, writeTinyModel } from './testing/tiny-model.ts';

let models: string;
let model: ExportedModel;
beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'models-'));
  model = await ExportedModel.open(await writeTinyModel(models, 'tiny', null), { threads: 1 });
});
afterAll(async () => {
  await model.dispose();
  await rm(models, { recursive: true });
});

/** What testing/tiny-model.ts makes of a z. */
const expected = (z: ArrayLike<number>) => {
  const [r, g, b] = Array.from(z, (value) => Math.trunc(Math.abs(10 * value)));
  return Array.from({ length: SIZE * SIZE }, () => [r, g, b, r]).flat();
};

test('run gives the pictures of a batch, one after the other', async () => {
  const pixels = await model.run(Float32Array.of(1, -2, 3, 4, 5, 6.5));
  expect([...pixels]).toEqual([...expected([1, -2, 3]), ...expected([4, 5, 6.5])]);
});

test("a seed's picture is that of its z, drawn towards 0 by psi", async () => {
  const z = latentFromSeed(42, LATENT);
  expect([...(await model.picture(42))]).toEqual(expected(z));
  expect([...(await model.picture(42, 0.5))]).toEqual(expected(z.map((value) => value * 0.5)));
});

test('a damaged model is not loaded', async () => {
  const folder = await writeTinyModel(models, 'damaged', null);
  await writeFile(join(folder, 'generator.onnx'), 'x');
  await expect(ExportedModel.open(folder)).rejects.toThrow(UserError);
});
