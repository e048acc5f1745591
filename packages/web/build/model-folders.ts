/** @module The models of a folder, as the page's index lists them. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseModelManifest } from '@latent-dogs/latent';
import type { CatalogueEntry } from '../src/engine/catalogue.ts';

/** What a static host takes at most: Cloudflare's limit for one asset, 25 MiB. */
export const LARGEST_ASSET = 25 * 1024 * 1024;

export interface ModelFolder {
  entry: CatalogueEntry;
  /** Files relative to the folder of models, such as "dogs-64/model.json". */
  files: string[];
}

/** Nobody's clock tells apart the files of one checkout; within a minute the name decides. */
const minutes = (milliseconds: number) => Math.floor(milliseconds / 60_000);

/**
 * Finds every models/<name> with a legal model.json, the newest first; folders that start with a dot are exports at work.
 * @throws Error naming a model whose files cannot be served
 */
export async function findModels(folder: string): Promise<ModelFolder[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const found: (ModelFolder & { changed: number })[] = [];
  for (const name of names) {
    if (name.startsWith('.')) continue;
    const json = await readFile(join(folder, name, 'model.json'), 'utf8').catch(() => null);
    if (json === null) continue;
    const { size, latentSize, generator } = parseModelManifest(JSON.parse(json));
    const inside = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
    const files = inside
      .filter((file) => file.isFile() && !file.name.startsWith('.'))
      .map((file) => join(file.parentPath, file.name).slice(folder.length + 1));
    for (const file of files) {
      const { size: bytes } = await stat(join(folder, file));
      if (bytes > LARGEST_ASSET) {
        throw new Error(
          `models/${file} has ${(bytes / 2 ** 20).toFixed(1)} MiB, and a static host takes 25 MiB at most: ` +
            'export the model with --precision fp16 or int8.',
        );
      }
    }
    const { mtimeMs } = await stat(join(folder, name, generator.file));
    found.push({
      entry: { name, size, latentSize, file: generator.file, sha256: generator.sha256, bytes: generator.bytes },
      files,
      changed: minutes(mtimeMs),
    });
  }
  return found.sort((a, b) => b.changed - a.changed || (a.entry.name < b.entry.name ? -1 : 1));
}
