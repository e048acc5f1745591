/** @module What the build wrote into the page about its first dogs, so that they are there before the engine is. */

/** Pictures of dogs in one file, row by row. */
export interface Sheet {
  /** Relative to the page. */
  file: string;
  columns: number;
  /** Width and height of a dog, pixels. */
  side: number;
  /** Seeds as the page writes them. */
  labels: readonly string[];
}

export interface PageOpening {
  /** The model that made the pictures. */
  model: string;
  sha256: string;
  /** Seeds that a person chose; empty if nobody did. */
  seeds: readonly number[];
  sheet: Sheet;
}

/** The name of the `meta` element that holds it, as JSON. */
export const OPENING_META = 'latent-dogs-opening';

/** The dogs of the walk that plays until a visitor picks one, unless a person chose others. */
export const USUAL_WALK: readonly string[] = ['luna', '7', 'coco'];

/** Dogs of that walk. */
const WALK_DOGS = 3;

export const walkOf = (seeds: readonly number[]): readonly string[] =>
  seeds.length >= WALK_DOGS ? seeds.slice(0, WALK_DOGS).map(String) : USUAL_WALK;
