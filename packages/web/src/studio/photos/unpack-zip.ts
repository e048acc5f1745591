/** @module The files in a zip, one at a time. */
import { unzipSync } from 'fflate';
import { UnusableFile } from './decode.ts';

/** Bytes. The whole zip is held in memory. */
const LARGEST = 2 ** 30;

export interface PackedFile {
  /** Path in the zip. */
  path: string;
  /** Unpacks it. */
  read: () => Uint8Array<ArrayBuffer>;
}

/** @throws UnusableFile if it is not a zip, or too large. */
export async function unpackZip(zip: Blob): Promise<PackedFile[]> {
  if (zip.size > LARGEST) throw new UnusableFile('zip-too-large');
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const paths: string[] = [];
  try {
    unzipSync(bytes, {
      filter: ({ name }) => {
        if (!name.endsWith('/')) paths.push(name);
        return false;
      },
    });
  } catch {
    throw new UnusableFile('zip-damaged');
  }
  return paths.map((path) => ({
    path,
    read: () => {
      try {
        return unzipSync(bytes, { filter: ({ name }) => name === path })[path] as Uint8Array<ArrayBuffer>;
      } catch {
        throw new UnusableFile('zip-damaged');
      }
    },
  }));
}
