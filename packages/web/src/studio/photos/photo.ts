/** @module A photo in the library. */
import type { Square } from './square.ts';

export interface Photo {
  /** The first 24 digits of the SHA-256 of the file, so that a file that comes again is recognised. */
  id: string;
  /** The file's name. */
  name: string;
  /** Of the upright photo, pixels. */
  width: number;
  height: number;
  square: Square;
  origin: Origin;
}

/**
 * Where a square comes from: it is the face that was found; the middle, as no face was found; the middle, as none was looked for;
 * or what the user set.
 */
export type Origin = 'found' | 'not-found' | 'centre' | 'hand';

/** Why a file cannot be used. */
export type Unusable = 'not-an-image' | 'too-small' | 'heic' | 'zip-damaged' | 'zip-too-large' | 'no-room';

/** The file in `cuts/` with the photo's square. */
export const cutName = ({ id, square: { x, y, side } }: Photo): string => `${id}-${x}-${y}-${side}`;
