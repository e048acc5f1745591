/** @module Where photos lie: a folder (`photo-folder.ts`) or a zip (`photo-zip.ts`). */

import type { SortedListing } from './sorted-listing.ts';

export interface ListedPhoto {
  /** Relative to the folder or zip, `/` between folders. Photos are numbered in the order of their paths. */
  path: string;
}

export interface PhotoSource<Item extends ListedPhoto = ListedPhoto> {
  /** Changes whenever a file is added, removed, renamed or rewritten; found without reading any photo. */
  readonly stamp: string;
  /** Everything that might be a photo. Call once. */
  list(): Promise<SortedListing<Item>>;
  /** The file's bytes. Throws `SkippedPhoto` where there is no photo to be had. */
  read(item: Item): Promise<Buffer>;
  close(): Promise<void>;
}

/** Larger files are skipped: no photo is this large, and a whole file is held in memory while it is decoded. */
export const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Finder's, Explorer's and our own leftovers are no part of a collection: names that start with a dot are not listed. */
export function isHidden(name: string): boolean {
  return name.startsWith('.');
}
