/** @module The files that were dropped on the page, also those in folders. */

const isHidden = (name: string) => name.startsWith('.');

/** Call it in the event handler: afterwards browsers forget what was dropped. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return [...files];
  const found = await Promise.all(entries.flatMap((entry) => (entry ? [filesOf(entry)] : [])));
  return found.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (isHidden(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader gives some entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    for (const inside of some) files.push(...(await filesOf(inside)));
  }
}

/** A model folder among files: its model.json and all others; null if there is none. */
export async function modelAmong(files: readonly File[]) {
  if (!files.some(({ name }) => name === 'model.json')) return null;
  return Promise.all(
    files.map(async (file) => ({ path: pathInModel(file), bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
}

/** Model folders have one folder inside, `timelapse/`. */
const pathInModel = ({ name }: File) => (/^\d{9}\.(webp|png)$/.test(name) ? `timelapse/${name}` : name);
