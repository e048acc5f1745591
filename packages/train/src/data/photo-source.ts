/** @module The interface that folders (`photo-folder.ts`) and zips (`photo-zip.ts`) of photos share. */

import type { SortedListing } from './sorted-listing.ts';

export interface ListedPhoto {
  /** Relative to the folder or zip, with `/` between folders. Photos are numbered in the order of their paths. */
  path: string;
  /** Length of the file. */
  bytes: number;
}

export interface PhotoSource<Item extends ListedPhoto = ListedPhoto> {
  /** Changes whenever a file is added, removed, renamed or rewritten. Computed without reading any photo. */
  readonly stamp: string;
  /** All files that might be photos. Call it once. */
  list(): Promise<SortedListing<Item>>;
  /** The file's bytes. Throws `SkippedPhoto` if it is no readable photo. */
  read(item: Item): Promise<Buffer>;
  close(): Promise<void>;
}

/** Larger files are skipped: no photo is that large, and the whole file is in memory while it is decoded. */
export const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Names that start with a dot are not listed: they are files of the system or of this program, not photos. */
export function isHidden(name: string): boolean {
  return name.startsWith('.');
}
