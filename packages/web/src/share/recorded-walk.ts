/** @module The pictures of a recording: once round the walk. */
import type { Pixels } from '../engine/dog-maker.ts';
import { advance, LEG_SECONDS, type Walk } from '../stage/walker.ts';
import { legsOf } from '../state/picture-state.ts';

/** How many dogs are asked for at a time, so that the generator works in batches. */
const AT_ONCE = 8;

/** The positions of one loop at so many pictures a second; two dogs go there and back. */
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

/** Gives the pictures in order, made some ahead. */
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
