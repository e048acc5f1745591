/** @module A file of a model folder, checked against what model.json says about it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { differenceFrom, type FileDescription } from '@latent-dogs/client/runtime/described-file';
import { UserError } from '@latent-dogs/latent';

/**
 * The contents of a file in `folder`.
 *
 * @param description.file path relative to model.json
 * @throws UserError naming the file if it is missing or not the one described
 */
export async function readDescribedFile(
  folder: string,
  { file, ...description }: FileDescription & { readonly file: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, file);
  const again = `export the model again: pnpm export --out ${folder}`;
  const contents = await readFile(path).catch((error: Error) => {
    throw new UserError(`${path}: can't be read (${error.message}), but model.json names it; ${again}`);
  });
  const difference = await differenceFrom(description, contents);
  if (difference === null) return contents;
  throw new UserError(`${path}: not the file that model.json describes (${difference}); ${again}`);
}
