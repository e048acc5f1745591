/** @module The models of a folder, as the page's index lists them. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { listModels } from '@latent-dogs/models';
import { type CatalogueEntry, startsOf } from '../src/engine/catalogue.ts';

/** Largest file that a static host takes, bytes: Cloudflare's limit for one asset, 25 MiB. */
export const LARGEST_ASSET = 25 * 1024 * 1024;

interface ModelFolder {
  entry: CatalogueEntry;
  /** Files relative to the folder of models, such as "dogs-64/model.json". */
  files: string[];
}

/**
 * Lists the models in `folder` with their files, newest first.
 *
 * @throws UserError naming a model whose model.json is not legal, or a file that cannot be served
 */
export async function findModels(folder: string): Promise<ModelFolder[]> {
  const models = await listModels(folder);
  return Promise.all(
    models.map(async ({ name, manifest }) => {
      const { size, latentSize, generator, opening } = manifest;
      const { file, sha256, bytes } = generator;
      return {
        entry: { name, size, latentSize, file, sha256, bytes, ...(opening && { opening }), ...startsOf(manifest) },
        files: await servableFiles(folder, name),
      };
    }),
  );
}

async function servableFiles(models: string, name: string): Promise<string[]> {
  const inside = await readdir(join(models, name), { recursive: true, withFileTypes: true });
  const files = inside
    .filter((file) => file.isFile() && !file.name.startsWith('.'))
    .map((file) => relative(models, join(file.parentPath, file.name)));
  for (const file of files) {
    const { size: bytes } = await stat(join(models, file));
    if (bytes > LARGEST_ASSET)
      throw new UserError(
        `models/${file}: ${(bytes / 2 ** 20).toFixed(1)} MiB, but a static host takes at most 25 MiB; ` +
          'export the model with --precision fp16 or int8',
      );
  }
  return files;
}
