/** @module Models kept on the device. */
import { differenceFrom } from '@latent-dogs/client/runtime/described-file';
import { jsonBytes } from '@latent-dogs/dcgan';
import { parseModelManifest, UserError } from '@latent-dogs/latent';
import { zipSync } from 'fflate';
import { Folder } from '../storage/folder.ts';
import type { ModelFiles } from './make-model.ts';

const FOLDER = 'models';
const MANIFEST = 'model.json';

const models = async () => (await Folder.studio()).folder(FOLDER);

/** Keeps a model: its model.json last, so that one that is not whole is not listed. */
export async function keepModel(name: string, files: ModelFiles): Promise<void> {
  const all = await models();
  const folder = await all.folder(name);
  try {
    for (const [path, bytes] of files) if (path !== MANIFEST) await writeAt(folder, path, bytes);
    await folder.write(MANIFEST, files.get(MANIFEST)!);
  } catch (error) {
    await all.remove(name);
    throw error;
  }
}

/**
 * Checks a model that came as files and renames it.
 *
 * @throws UserError saying what is wrong with it.
 */
export async function checkedModel(
  files: ModelFiles,
  rename: (name: string) => string,
): Promise<{ name: string; files: ModelFiles }> {
  const manifest = parseModelManifest(JSON.parse(new TextDecoder().decode(files.get(MANIFEST))));
  for (const described of [manifest.generator, manifest.training.weights]) {
    const contents = described && files.get(described.file);
    if (described === manifest.training.weights && !contents) continue;
    if (!contents || (await differenceFrom(described!, contents)) !== null)
      throw new UserError(`${described!.file} is missing or not the file that model.json describes`);
  }
  const name = rename(manifest.name);
  return { name, files: new Map([...files, [MANIFEST, jsonBytes({ ...manifest, name })]]) };
}

/** A model folder as a zip. */
export async function zipModel(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await (await models()).folder(name);
  const manifest = parseModelManifest(JSON.parse(new TextDecoder().decode((await folder.read(MANIFEST))!)));
  const timelapse = (manifest.timelapse ?? []).map(({ file }) => file);
  const paths = [
    MANIFEST,
    'README.md',
    manifest.generator.file,
    manifest.samples,
    manifest.training.weights?.file,
    ...timelapse,
  ];
  const contents: Record<string, Uint8Array> = {};
  for (const path of paths) {
    const bytes = path === undefined ? null : await readAt(folder, path);
    if (bytes) contents[`${name}/${path}`] = bytes;
  }
  return zipSync(contents, { level: 6 }) as Uint8Array<ArrayBuffer>;
}

async function parentOf(folder: Folder, path: string): Promise<{ parent: Folder; file: string }> {
  const parts = path.split('/');
  let parent = folder;
  for (const part of parts.slice(0, -1)) parent = await parent.folder(part);
  return { parent, file: parts.at(-1)! };
}

async function writeAt(folder: Folder, path: string, bytes: Uint8Array): Promise<void> {
  const { parent, file } = await parentOf(folder, path);
  await parent.write(file, bytes);
}

async function readAt(folder: Folder, path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const { parent, file } = await parentOf(folder, path);
  return parent.read(file);
}
