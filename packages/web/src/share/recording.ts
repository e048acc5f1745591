/** @module The pictures of a recording: the walk, or the orbit of a mixture, once round. */
import type { Pixels } from '../engine/dog-maker.ts';
import { ORBIT_SECONDS, orbitPoint } from '../stage/orbit.ts';
import { advance, LEG_SECONDS, type Walk } from '../stage/walker.ts';
import { legsOf, type PictureState } from '../state/picture-state.ts';

/** How many dogs are requested at a time, so that the generator works in batches. */
const AT_ONCE = 8;

/** The positions of one loop at the given pictures per second. A walk between two dogs goes there and back. */
function loopPositions(dogs: number, picturesASecond: number): number[] {
  const closed = dogs > 2;
  const legs = legsOf(dogs);
  const pictures = Math.round((closed ? legs : 2 * legs) * LEG_SECONDS * picturesASecond);
  let walk: Walk = { position: 0, direction: 1 };
  return Array.from({ length: pictures }, () => {
    const { position } = walk;
    walk = advance(walk, 1 / picturesASecond, legs, closed);
    return position;
  });
}

/** The states of one loop at the given pictures per second. */
export function loopOf(picture: PictureState, picturesASecond: number): PictureState[] {
  if (picture.view === 'walk') {
    return loopPositions(picture.dogs.length, picturesASecond).map((position) => ({ ...picture, position }));
  }
  const pictures = Math.round(ORBIT_SECONDS * picturesASecond);
  return Array.from({ length: pictures }, (_, i) => ({ ...picture, pad: orbitPoint(i / pictures) }));
}

/** Yields the pictures in order, making a few in advance. */
export async function* picturesOf(
  states: readonly PictureState[],
  make: (state: PictureState) => Promise<Pixels>,
  cancelled: AbortSignal,
): AsyncGenerator<Pixels> {
  const stop = new Promise<never>((_, reject) => {
    cancelled.addEventListener('abort', () => reject(cancelled.reason), { once: true });
  });
  stop.catch(() => {});
  for (let start = 0; start < states.length; start += AT_ONCE) {
    cancelled.throwIfAborted();
    yield* await Promise.race([Promise.all(states.slice(start, start + AT_ONCE).map(make)), stop]);
  }
}
