/** @module All models of a folder by age, which decides what the default model is. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, UserError } from '@latent-dogs/latent';
import { readManifest } from './manifest-file.ts';

export interface ListedModel {
  /** Name of its folder in the folder of models. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: ModelManifest;
}

/**
 * The models in `models`, newest first: by the export time in model.json, which copies and clones keep. Models without
 * one, of earlier versions, come after all others; equal ones are ordered by name. Folders whose name starts with a dot
 * are unfinished exports.
 *
 * @returns an empty list if the folder does not exist
 * @throws UserError naming a model whose model.json is not legal
 */
export async function listModels(models: string): Promise<ListedModel[]> {
  const names = (await readdir(models).catch(() => [])).filter((name) => !name.startsWith('.'));
  const listed: ListedModel[] = [];
  for (const name of names.sort()) {
    const folder = join(models, name);
    if (await stat(join(folder, 'model.json')).catch(() => null))
      listed.push({ name, folder, manifest: await readManifest(folder) });
  }
  // Sorting is stable, so names decide between equals.
  return listed.sort((a, b) => exportTime(b) - exportTime(a));
}

/** The folder of the newest model in `models`. @throws UserError saying how to make one */
export async function newestModel(models: string): Promise<string> {
  const [newest] = await listModels(models);
  if (newest) return newest.folder;
  throw new UserError(
    `there is no model in '${models}' yet; make one with pnpm train, then pnpm export, or name one with --model`,
  );
}

/** Milliseconds since 1970; 0 if unknown. */
function exportTime({ manifest: { exported } }: ListedModel): number {
  return exported === undefined ? 0 : Date.parse(exported);
}
