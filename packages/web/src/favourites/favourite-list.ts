/** @module The file format of favourites: a list of link fragments. */
import { decodePicture, encodePicture } from '../state/picture-link.ts';

const MOST = 2000;

interface FavouritesFile {
  format: 'latent-dogs favourites';
  version: 1;
  favourites: readonly string[];
}

export function encodeFavourites(favourites: readonly string[]): string {
  const file: FavouritesFile = { format: 'latent-dogs favourites', version: 1, favourites };
  return JSON.stringify(file, null, 2);
}

/** @returns the favourites in a file, without duplicates and normalised; null for any other file */
export function decodeFavourites(text: string): string[] | null {
  let file: Partial<FavouritesFile> | null;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  if (file?.format !== 'latent-dogs favourites' || !Array.isArray(file.favourites)) return null;
  const pictures = file.favourites
    .filter((entry) => typeof entry === 'string')
    .map(decodePicture)
    .filter(({ dogs }) => dogs.length > 0);
  return [...new Set(pictures.map((picture) => encodePicture(picture)))].slice(0, MOST);
}
