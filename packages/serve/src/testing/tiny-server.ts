/** @module The app with the tiny model on onnxruntime-node, for tests; counts generated pictures. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latentFromSeed, truncate } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import { afterAll } from 'vitest';
import { createApp } from '../app.ts';
import { createGenerator } from '../generator.ts';
import { compileCodecs } from '../node/compile-codecs.ts';
import type { ServedModel, ServerParts } from '../server-parts.ts';
import { type TINY, tinyPicture, writeTinyModel } from './tiny-model.ts';

/** A folder with a tiny model, deleted after the test file. */
export function tinyModelFolder(name: keyof typeof TINY = 'tiny'): string {
  const folder = mkdtempSync(join(tmpdir(), 'tiny-model-'));
  writeTinyModel(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** @param parts others than the usual ones; `more` models after the first */
export async function tinyServer({
  generator: other,
  more = [],
  ...parts
}: Partial<ServerParts> & { more?: readonly ServedModel[] } = {}) {
  const folder = tinyModelFolder();
  const model = await ExportedModel.open(folder, { threads: 1 });
  const { file, manifest } = model;
  const made = { pictures: 0 };
  const generator = createGenerator(manifest, async () => (z) => {
    made.pictures++;
    return model.run(z);
  });
  const app = createApp({
    models: [{ generator: other ?? generator, openModelFile: () => readFileSync(file) }, ...more],
    codecs: await compileCodecs(),
    runtime: 'test',
    ...parts,
  });
  const get = async (path: string, init?: RequestInit) => app.request(path, init);
  return { get, made, manifest, file };
}

/** A tiny model's picture of a seed. */
export const tinyDog = (seed: number, psi = 1, name: keyof typeof TINY = 'tiny') =>
  tinyPicture(truncate(latentFromSeed(seed, 8), psi), name);

/** Another tiny model to serve beside the first. */
export async function otherModel(): Promise<ServedModel> {
  const model = await ExportedModel.open(tinyModelFolder('other'), { threads: 1 });
  return {
    generator: createGenerator(model.manifest, async () => (z) => model.run(z)),
    openModelFile: () => readFileSync(model.file),
  };
}
