/**
 * @module A folder of the origin private file system, from a worker. What is written is on the device when `write` returns
 * (https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle).
 */

/** The folder of everything that the Studio keeps. */
const ROOT = 'studio';

export class Folder {
  readonly #handle: FileSystemDirectoryHandle;

  constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  /** The Studio's own folder. @throws if the browser lets the page store nothing. */
  static async studio(): Promise<Folder> {
    const root = await navigator.storage.getDirectory();
    return new Folder(await root.getDirectoryHandle(ROOT, { create: true }));
  }

  /** The folder `name` in this one, which is created if it does not exist. */
  async folder(name: string): Promise<Folder> {
    return new Folder(await this.#handle.getDirectoryHandle(name, { create: true }));
  }

  /** Names of the files and folders, sorted. */
  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#handle.keys()) names.push(name);
    return names.sort();
  }

  /** Writes a whole file, replacing one of this name. @throws QuotaExceededError if the device has no room for it. */
  async write(name: string, ...pieces: readonly Uint8Array[]): Promise<void> {
    const file = await this.#handle.getFileHandle(name, { create: true });
    const access = await file.createSyncAccessHandle();
    try {
      access.truncate(0);
      let at = 0;
      for (const piece of pieces) at += writeAll(access, piece, at);
      access.flush();
    } finally {
      access.close();
    }
  }

  /** A file for reading; null if there is none. */
  async file(name: string): Promise<File | null> {
    try {
      return await (await this.#handle.getFileHandle(name)).getFile();
    } catch (error) {
      if ((error as DOMException).name === 'NotFoundError') return null;
      throw error;
    }
  }

  /** The contents of a file; null if there is none. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = await this.file(name);
    return file && new Uint8Array(await file.arrayBuffer());
  }

  /** A file opened for reading and writing, which nobody else can open until it is closed. */
  async access(name: string): Promise<FileSystemSyncAccessHandle> {
    return (await this.#handle.getFileHandle(name, { create: true })).createSyncAccessHandle();
  }

  /** Removes a file, or a folder with all it holds. Does nothing if there is none. */
  async remove(name: string): Promise<void> {
    try {
      await this.#handle.removeEntry(name, { recursive: true });
    } catch (error) {
      if ((error as DOMException).name !== 'NotFoundError') throw error;
    }
  }
}

/** @returns the length of `bytes`. @throws QuotaExceededError if they were not all written. */
export function writeAll(access: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): number {
  const written = access.write(bytes, { at });
  if (written < bytes.length)
    throw new DOMException(`${written} of ${bytes.length} bytes were written`, 'QuotaExceededError');
  return written;
}
