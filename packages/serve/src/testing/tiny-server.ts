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
import type { ServerParts } from '../server-parts.ts';
import { tinyPicture, writeTinyModel } from './tiny-model.ts';

/** A folder with the tiny model, deleted after the test file. */
export function tinyModelFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tiny-model-'));
  writeTinyModel(folder);
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

export async function tinyServer(parts: Partial<ServerParts> = {}) {
  const folder = tinyModelFolder();
  const model = await ExportedModel.open(folder, { threads: 1 });
  const { file, manifest } = model;
  const made = { pictures: 0 };
  const generator = createGenerator(manifest, async () => (z) => {
    made.pictures++;
    return model.run(z);
  });
  const app = createApp({
    generator,
    codecs: await compileCodecs(),
    runtime: 'test',
    openModelFile: () => readFileSync(file),
    ...parts,
  });
  const get = async (path: string, init?: RequestInit) => app.request(path, init);
  return { get, made, manifest, file };
}

/** The tiny model's picture of a seed. */
export const tinyDog = (seed: number, psi = 1) => tinyPicture(truncate(latentFromSeed(seed, 8), psi));
