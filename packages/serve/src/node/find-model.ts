/** @module Which model to serve, and whether its folder is whole. */

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ModelManifest, parseModelManifest, UserError } from '@latent-dogs/latent';

export interface ModelFolder {
  readonly folder: string;
  /** Path of the ONNX file. */
  readonly file: string;
  readonly manifest: ModelManifest;
}

const MODELS = resolve(import.meta.dirname, '../../../../models');

/** The folder in `models` whose model.json was written last. @throws UserError saying how to get one */
export async function newestModel(models = MODELS): Promise<string> {
  // Folders that start with a dot are exports at work.
  const names = (await readdir(models).catch(() => [])).filter((name) => !name.startsWith('.'));
  const dated = await Promise.all(
    names.map(async (name) => {
      const written = await stat(join(models, name, 'model.json')).catch(() => null);
      return { folder: join(models, name), written: written?.mtimeMs ?? 0 };
    }),
  );
  const newest = dated.filter(({ written }) => written > 0).sort((a, b) => b.written - a.written)[0];
  if (newest) return newest.folder;
  throw new UserError(
    `There is no model in ${models}: make one with pnpm train, then pnpm export, or name its folder with --model.`,
  );
}

/** Reads model.json and checks the ONNX file against it. @throws UserError naming the file that is missing or damaged */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch(() => {
    throw new UserError(`${folder} is not a model folder: there is no model.json in it that can be read.`);
  });
  const manifest = parseModelManifest(parseJson(text, folder));
  const file = join(folder, manifest.generator.file);
  const bytes = await readFile(file).catch(() => {
    throw new UserError(`${file} cannot be read, but model.json names it. Export the model again: pnpm export.`);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== manifest.generator.sha256) {
    throw new UserError(
      `${file} is not the file model.json describes (its SHA-256 differs). Export the model again: pnpm export.`,
    );
  }
  return { folder, file, manifest };
}

function parseJson(text: string, folder: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`model.json in ${folder} is not JSON. Export the model again: pnpm export.`);
  }
}
