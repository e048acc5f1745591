/** @module Before the tests: builds the page with two small models of random weights; no trained model is needed. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { type FixtureShape, writeFixtureModel } from '../../src/testing/fixture-model.ts';
import { findChromium } from './chromium.ts';

/** The newest model, which the page uses by default. */
const NEWER: FixtureShape = {
  name: 'newer-64',
  exported: '2026-02-01T12:00:00.000Z',
  seed: 7,
  latentSize: 100,
  size: 64,
  channels: 8,
};
const OLDER: FixtureShape = {
  name: 'older-32',
  exported: '2026-01-01T12:00:00.000Z',
  seed: 8,
  latentSize: 40,
  size: 32,
  channels: 8,
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built page. */
    site: string;
    /** Folder of its models. */
    models: string;
    /** Folder of the same page after `newer-64` was trained again and exported under the same name. */
    retrainedSite: string;
    /** Folder of its models. */
    retrainedModels: string;
    /** Folder of the same page without a model. */
    siteWithoutModels: string;
    /** Folder of test-vectors.js, which exports `checkTestVectors`. */
    vectors: string;
    /** Path of a Chromium that starts. */
    chromium: string;
  }
}

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function buildPage(models: string, outDir: string): Promise<void> {
  const { NODE_ENV } = process.env;
  // Vitest sets it to "test", with which Vite would build the page for development.
  process.env.NODE_ENV = 'production';
  process.env.LATENT_DOGS_MODELS = models;
  await build({
    configFile: fromHere('../../vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
  process.env.NODE_ENV = NODE_ENV;
}

export default async function buildSite(project: TestProject): Promise<void> {
  const folder = fromHere('../../.cache/test-site');
  const models = join(folder, 'models');
  const site = join(folder, 'dist');
  const siteWithoutModels = join(folder, 'dist-without-models');
  const vectors = join(folder, 'vectors');
  await rm(folder, { recursive: true, force: true });
  for (const shape of [NEWER, OLDER]) await writeFixtureModel(models, shape);
  await buildPage(models, site);
  const retrainedModels = join(folder, 'retrained-models');
  const retrainedSite = join(folder, 'dist-retrained');
  await writeFixtureModel(retrainedModels, { ...NEWER, seed: 9, opening: [5, 95, 2, 40] });
  await buildPage(retrainedModels, retrainedSite);
  await buildPage(join(folder, 'no-models'), siteWithoutModels);
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: vectors,
      lib: { entry: fromHere('vectors-entry.ts'), formats: ['es'], fileName: () => 'test-vectors.js' },
    },
  });
  project.provide('chromium', await findChromium());
  project.provide('site', site);
  project.provide('models', models);
  project.provide('retrainedSite', retrainedSite);
  project.provide('retrainedModels', retrainedModels);
  project.provide('siteWithoutModels', siteWithoutModels);
  project.provide('vectors', vectors);
}
