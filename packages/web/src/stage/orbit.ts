/** @module The way of the mixing pad's handle when it moves by itself: a circle that comes near all four dogs. */

export const ORBIT_SECONDS = 9.6;
const RADIUS = 0.42;

export interface Point {
  x: number;
  y: number;
}

/** @param turn 0 to 1, from the upper left dog round by the upper right */
export function orbitPoint(turn: number): Point {
  const angle = (turn - 0.375) * 2 * Math.PI;
  return { x: 0.5 + RADIUS * Math.cos(angle), y: 0.5 + RADIUS * Math.sin(angle) };
}

/** Share of the distance to the circle that is left after a second: wherever the handle is, it glides there. */
const LEFT_AFTER_A_SECOND = 0.1;

/** The handle `seconds` later, from wherever it is. */
export function advanceOrbit({ x, y }: Point, seconds: number): Point {
  const before = Math.hypot(x - 0.5, y - 0.5);
  const angle = before === 0 ? 0 : Math.atan2(y - 0.5, x - 0.5);
  const radius = RADIUS + (before - RADIUS) * LEFT_AFTER_A_SECOND ** seconds;
  const next = angle + (seconds / ORBIT_SECONDS) * 2 * Math.PI;
  return { x: 0.5 + radius * Math.cos(next), y: 0.5 + radius * Math.sin(next) };
}
