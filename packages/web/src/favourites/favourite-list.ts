/** @module The file format of favourites: a list of link fragments. */
import { decodePicture, encodePicture } from '../state/picture-link.ts';

/** How many are kept: browsers store about five megabytes for a page. */
export const MOST_FAVOURITES = 2000;

const VERSION = 1;

interface FavouritesFile {
  format: 'latent-dogs favourites';
  version: typeof VERSION;
  favourites: readonly string[];
}

export function encodeFavourites(favourites: readonly string[]): string {
  const file: FavouritesFile = { format: 'latent-dogs favourites', version: VERSION, favourites };
  return JSON.stringify(file, null, 2);
}

/** @returns the favourites in a file, without duplicates and normalised; 'newer' for a later format, null for any other file */
export function decodeFavourites(text: string): string[] | 'newer' | null {
  let file: Partial<Omit<FavouritesFile, 'version'> & { version: number }> | null;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  if (file?.format !== 'latent-dogs favourites' || !Array.isArray(file.favourites)) return null;
  if (file.version !== VERSION) return 'newer';
  const pictures = file.favourites
    .filter((entry) => typeof entry === 'string')
    .map(decodePicture)
    .filter(({ dogs }) => dogs.length > 0);
  return [...new Set(pictures.map((picture) => encodePicture(picture)))];
}

/**
 * The visitor's favourites with those of a file added, as many as there is room for. None of the visitor's own is dropped.
 * @param own newest first
 */
export function mergeFavourites(
  own: readonly string[],
  added: readonly string[],
): { all: string[]; added: number; leftOut: number } {
  const known = new Set(own);
  const fresh = added.filter((fragment) => !known.has(fragment));
  const taken = fresh.slice(0, Math.max(0, MOST_FAVOURITES - own.length));
  return { all: [...taken, ...own], added: taken.length, leftOut: fresh.length - taken.length };
}
