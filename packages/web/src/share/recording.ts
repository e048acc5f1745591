/** @module The pictures of a recording: the walk, once round. */
import type { Pixels } from '../engine/dog-maker.ts';
import { advance, LEG_SECONDS, type Walk } from '../stage/walker.ts';
import { legsOf } from '../state/picture-state.ts';

/** How many dogs are requested at a time, so that the generator works in batches. */
const AT_ONCE = 8;

/** The positions of one loop at the given pictures per second. A walk between two dogs goes there and back. */
export function loopPositions(dogs: number, picturesASecond: number): number[] {
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

/** Yields the pictures in order, making a few in advance. */
export async function* loopPictures(
  positions: readonly number[],
  dogAt: (position: number) => Promise<Pixels>,
  cancelled: AbortSignal,
): AsyncGenerator<Pixels> {
  const stop = new Promise<never>((_, reject) => {
    cancelled.addEventListener('abort', () => reject(cancelled.reason), { once: true });
  });
  stop.catch(() => {});
  for (let start = 0; start < positions.length; start += AT_ONCE) {
    cancelled.throwIfAborted();
    yield* await Promise.race([Promise.all(positions.slice(start, start + AT_ONCE).map(dogAt)), stop]);
  }
}
