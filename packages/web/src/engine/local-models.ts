/** @module The models that were made or dropped on this device, which no server has. */
import { parseModelManifest } from '@latent-dogs/latent';
import { type CatalogueEntry, startsOf } from './catalogue.ts';

/** The folder of them, see studio/model/model-store.ts. */
async function folderOfModels(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return await (await root.getDirectoryHandle('studio')).getDirectoryHandle('models');
  } catch {
    // None was made, or the browser lets the page store nothing.
    return null;
  }
}

async function fileAt(folder: FileSystemDirectoryHandle, path: string): Promise<File> {
  const parts = path.split('/');
  let parent = folder;
  for (const part of parts.slice(0, -1)) parent = await parent.getDirectoryHandle(part);
  return (await parent.getFileHandle(parts.at(-1)!)).getFile();
}

async function readModel(folder: FileSystemDirectoryHandle): Promise<CatalogueEntry> {
  const manifest = parseModelManifest(JSON.parse(await (await fileAt(folder, 'model.json')).text()));
  const { name, size, latentSize, generator, opening, samples, timelapse, training } = manifest;
  const paths = [generator.file, samples, training.weights?.file, ...(timelapse ?? []).map(({ file }) => file)];
  const files = new Map<string, File>();
  for (const path of paths) {
    const file = path === undefined ? null : await fileAt(folder, path).catch(() => null);
    if (file) files.set(path!, file);
  }
  const { file, sha256, bytes } = generator;
  const chosen = opening ? { opening } : {};
  return { name, size, latentSize, file, sha256, bytes, ...chosen, ...startsOf(manifest), local: { manifest, files } };
}

/** Newest first. One that cannot be read is left out. */
export async function loadLocalModels(): Promise<CatalogueEntry[]> {
  const folder = await folderOfModels();
  if (!folder) return [];
  const entries: CatalogueEntry[] = [];
  for await (const handle of folder.values()) {
    if (handle.kind === 'file') continue;
    try {
      entries.push(await readModel(handle as FileSystemDirectoryHandle));
    } catch (error) {
      console.warn(`The model ${handle.name} on this device cannot be read: ${(error as Error).message}`);
    }
  }
  const exported = ({ local }: CatalogueEntry) => local!.manifest.exported ?? '';
  return entries.sort((a, b) => (exported(a) < exported(b) ? 1 : -1));
}

export async function deleteLocalModel(name: string): Promise<void> {
  await (await folderOfModels())?.removeEntry(name, { recursive: true });
}
