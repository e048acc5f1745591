/** @module Everything a picture on the stage is made of; what links and favourites hold. */

/** On the walk through the dogs, or in a pad with a dog in each corner. */
export type View = 'walk' | 'mix';

export interface PictureState {
  /** Name of the model; null for the newest one. */
  model: string | null;
  /** Seeds as they were written. */
  dogs: readonly string[];
  view: View;
  /** Where on the walk: 0 is the first dog, 1 the second, 1.5 half way to the third. */
  position: number;
  /** Where in the pad: 0 to 1 from the left, 0 to 1 from the top. */
  pad: { x: number; y: number };
  /** Along the model's directions, in standard deviations; missing ones are 0. */
  dials: readonly number[];
  /** psi, 0 to 1.5. */
  truncation: number;
}

export const MOST_DOGS = 12;
export const MOST_TRUNCATION = 1.5;
/** Standard deviations, either way. */
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

/** Two dogs have one way between them; three and more a closed walk, back to the first. */
export function legsOf(dogs: number): number {
  return dogs > 2 ? dogs : Math.max(0, dogs - 1);
}

/** Links hold three decimals; positions are rounded to them where they come to rest, so that a link shows the same. */
export const roundThousandth = (value: number) => Math.round(value * 1000) / 1000;
