/** @module The state that determines a picture on the stage; links and favourites hold it. */

/** A walk through the dogs, or a pad with a dog in each corner. */
export type View = 'walk' | 'mix';

export interface PictureState {
  /** Name of the model; null for the newest one. */
  model: string | null;
  /** Seeds as the visitor wrote them. */
  dogs: readonly string[];
  view: View;
  /** Position on the walk: 0 is the first dog, 1 the second, 1.5 is half way to the third. */
  position: number;
  /** Position in the pad: 0 to 1 from the left, 0 to 1 from the top. */
  pad: { x: number; y: number };
  /** Distances along the model's directions, in standard deviations; missing ones are 0. */
  dials: readonly number[];
  /** psi, 0 to 2. */
  truncation: number;
}

export const MOST_DOGS = 12;
export const MOST_TRUNCATION = 2;
/** Standard deviations, in either direction. */
export const MOST_DIAL = 3;

export const EMPTY_PICTURE: PictureState = {
  model: null,
  dogs: [],
  view: 'walk',
  position: 0,
  pad: { x: 0.5, y: 0.5 },
  dials: [],
  truncation: 1,
};

/** Number of legs of a walk. Two dogs have one leg; three or more make a closed walk, which leads back to the first. */
export function legsOf(dogs: number): number {
  return dogs > 2 ? dogs : Math.max(0, dogs - 1);
}

/** Links hold three decimals. Positions at rest are rounded to three as well, so that a link shows the same picture. */
export const roundThousandth = (value: number) => Math.round(value * 1000) / 1000;
