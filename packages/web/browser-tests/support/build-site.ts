/** @module Before the tests: builds the page with two small models of random weights, so that no trained one is needed. */
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { type FixtureShape, writeFixtureModel } from '../../src/testing/fixture-model.ts';

/** The newest model, which the page takes by itself. */
export const NEWER: FixtureShape = { name: 'newer-64', seed: 7, latentSize: 100, size: 64, channels: 8 };
export const OLDER: FixtureShape = { name: 'older-32', seed: 8, latentSize: 40, size: 32, channels: 8 };

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built page. */
    site: string;
    /** Folder of its models. */
    models: string;
  }
}

const YEAR_2020 = 1_577_836_800;

export default async function buildSite(project: TestProject): Promise<void> {
  const folder = fileURLToPath(new URL('../../.cache/test-site', import.meta.url));
  const models = join(folder, 'models');
  const site = join(folder, 'dist');
  await rm(folder, { recursive: true, force: true });
  for (const shape of [NEWER, OLDER]) await writeFixtureModel(models, shape);
  await utimes(join(models, OLDER.name, 'generator.onnx'), YEAR_2020, YEAR_2020);
  process.env.LATENT_DOGS_MODELS = models;
  await build({
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    build: { outDir: site, emptyOutDir: true },
  });
  project.provide('site', site);
  project.provide('models', models);
}
