/** @module Files around the Studio in tests: a site with a model to start from, and what it offers as downloads. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Download } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';
import { writeTrainableModel } from '../../src/testing/trainable-model.ts';

export const START_MODEL = 'small-dogs';

/** A copy of the site that has a model with training weights. */
export async function siteWithStartModel(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-site-'));
  await cp(inject('site'), folder, { recursive: true });
  const index = join(folder, 'models/index.json');
  const { models } = JSON.parse(await readFile(index, 'utf8'));
  models.push(await writeTrainableModel(join(folder, 'models'), START_MODEL));
  await writeFile(index, JSON.stringify({ models }));
  return folder;
}

/** Unpacks a downloaded zip in a temporary folder. @returns the path of the folder in the zip */
export async function unpacked(download: Download): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-zip-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = unzipSync(await readFile(await download.path()));
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return join(folder, Object.keys(files)[0]!.split('/')[0]!);
}

/** The lines of a `.jsonl` file. */
export async function linesOf<Line>(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
