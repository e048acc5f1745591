/** @module The square of a photo before the user sets one. */
import type { Origin, Photo } from './photo.ts';
import { centreSquare, type GuessSquare, resizedSquare, type Square } from './square.ts';

/** @param guess null: no face is looked for. If it fails, the square is the middle, as if no face was found. */
export async function firstSquare(
  photo: ImageBitmap,
  guess: GuessSquare | null,
): Promise<{ square: Square; origin: Origin }> {
  if (!guess) return { square: centreSquare(photo), origin: 'centre' };
  const face = await guess(photo).catch((error) => {
    console.warn('The face finder failed:', error);
    return null;
  });
  // A small face's square grows around its centre to the least side.
  return face
    ? { square: resizedSquare(face, face.side, photo), origin: 'found' }
    : { square: centreSquare(photo), origin: 'not-found' };
}

/** Whether a photo's first square was chosen with the other setting of "Find dogs' faces". What was set by hand stays. */
export function isOutdated({ origin }: Pick<Photo, 'origin'>, findFaces: boolean): boolean {
  return findFaces ? origin === 'centre' : origin === 'found' || origin === 'not-found';
}
