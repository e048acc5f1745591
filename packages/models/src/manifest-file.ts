/** @module model.json: read, checked, and written. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@latent-dogs/files';
import { type ModelManifest, parseModelManifest, UserError } from '@latent-dogs/latent';

const MANIFEST = 'model.json';

/** Reads and checks `folder`'s model.json. @throws UserError naming the folder if it holds no legal one */
export async function readManifest(folder: string): Promise<ModelManifest> {
  return parseModelManifest(await readJson(folder), join(folder, MANIFEST));
}

/** Writes `folder`'s model.json: indented, but a list of numbers, such as a direction, on one line. */
export async function writeManifest(folder: string, manifest: object): Promise<void> {
  const text = JSON.stringify(manifest, null, 2).replace(
    /\[\s+(-?[\d.][^\]"{[]*?)\s+\]/g,
    (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`,
  );
  await writeFileAtomically(join(folder, MANIFEST), `${text}\n`);
}

/**
 * Replaces fields of `folder`'s model.json and keeps everything else, fields of later versions included.
 *
 * @throws UserError if there is no legal model.json, or it would no longer be one
 */
export async function replaceFields(
  folder: string,
  fields: Partial<Pick<ModelManifest, 'metrics' | 'opening'>>,
): Promise<void> {
  const manifest = { ...((await readJson(folder)) as object), ...fields };
  parseModelManifest(manifest, join(folder, MANIFEST));
  await writeManifest(folder, manifest);
}

async function readJson(folder: string): Promise<unknown> {
  const file = join(folder, MANIFEST);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'no model.json' : error.message;
    throw new UserError(`'${folder}' holds no model (${reason}); make one with pnpm train, then pnpm export`);
  });
  try {
    // A decoder drops the byte order mark with which some editors begin a file.
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new UserError(`${file}: not JSON (${(error as Error).message}); export the model again: pnpm export`);
  }
}
