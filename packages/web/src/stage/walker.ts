/** @module Computes the position of a playing walk from elapsed time. */

/** Seconds from one dog to the next at speed 1. */
export const LEG_SECONDS = 2.4;

/** Slow near a dog, fast between two (the smoothstep polynomial), so that every dog is seen. */
const ease = (share: number) => share * share * (3 - 2 * share);
/** The inverse of `ease` on [0, 1]. */
const unease = (eased: number) => 0.5 - Math.sin(Math.asin(1 - 2 * eased) / 3);

const mapLeg = (position: number, curve: (share: number) => number) => {
  const leg = Math.floor(position);
  return leg + curve(position - leg);
};

export interface Walk {
  position: number;
  direction: 1 | -1;
}

/**
 * The walk `seconds` later.
 * @param legs number of legs of the walk
 * @param closed whether the last leg leads back to the first dog; if not, the walk turns back at both ends
 */
export function advance({ position, direction }: Walk, seconds: number, legs: number, closed: boolean): Walk {
  const time = mapLeg(position, unease) + (direction * seconds) / LEG_SECONDS;
  if (closed) return { position: mapLeg(((time % legs) + legs) % legs, ease), direction };
  // Reflected at 0 and at legs: a triangle wave.
  const phase = ((time % (2 * legs)) + 2 * legs) % (2 * legs);
  const turned = time < 0 || time > legs;
  const folded = phase > legs ? 2 * legs - phase : phase;
  return { position: mapLeg(folded, ease), direction: turned ? (direction === 1 ? -1 : 1) : direction };
}
