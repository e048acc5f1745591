/** @module A walk's pictures at even steps, made in advance, with cross-fades between them. */
import type { Pixels } from '../engine/dog-maker.ts';
import type { Lane } from '../engine/work-queue.ts';
import { legsOf } from '../state/picture-state.ts';

/**
 * Steps per leg. A leg takes 2.4 s, so 25 steps a second. Between dogs this similar a cross-fade looks the same as the
 * pictures in between, and every refresh of the display gets its own picture, on slow devices too.
 */
export const STEPS = 60;

/** How many steps may be requested from the generator at a time. */
const MOST_WAITING = 24;
/** How many steps ahead are urgent. */
const SOON = 8;

/** The cross-fade (1 - share) a + share b. */
export function blend(a: Pixels, b: Pixels, share: number): Pixels {
  const weight = Math.round(share * 256);
  if (weight === 0) return a;
  if (weight === 256) return b;
  const blended = new Uint8ClampedArray(a.length);
  for (let i = 0; i < a.length; i++) blended[i] = (a[i]! * (256 - weight) + b[i]! * weight + 128) >> 8;
  return blended;
}

export class WalkFrames {
  readonly #frames = new Map<number, Pixels>();
  readonly #waiting = new Set<number>();
  readonly #abandoned = new AbortController();
  readonly #closed: boolean;
  readonly #last: number;
  readonly #make: (position: number, lane: Lane, abandoned: AbortSignal) => Promise<Pixels>;

  /**
   * @param dogs how many dogs the walk has, at least 2
   * @param make makes the picture at a position
   */
  constructor(dogs: number, make: (position: number, lane: Lane, abandoned: AbortSignal) => Promise<Pixels>) {
    this.#closed = dogs > 2;
    this.#last = legsOf(dogs) * STEPS;
    this.#make = make;
  }

  #wrap(step: number): number {
    return this.#closed ? ((step % this.#last) + this.#last) % this.#last : step;
  }

  /** The picture at a position, or null if the steps around it have not been made. */
  at(position: number): Pixels | null {
    const before = Math.floor(position * STEPS);
    const share = position * STEPS - before;
    const a = this.#frames.get(this.#wrap(before));
    if (share === 0 || !a) return a ?? null;
    const b = this.#frames.get(this.#wrap(before + 1));
    return b ? blend(a, b, share) : null;
  }

  /** Requests the steps ahead of a position in the walk's direction, the nearest first. */
  prepare(position: number, direction: 1 | -1): void {
    const start = direction === 1 ? Math.floor(position * STEPS) : Math.ceil(position * STEPS);
    for (let ahead = 0; ahead <= this.#last && this.#waiting.size < MOST_WAITING; ahead++) {
      let step = start + direction * ahead;
      // An open walk turns back at its ends.
      if (!this.#closed && (step < 0 || step > this.#last)) step = step < 0 ? -step : 2 * this.#last - step;
      step = this.#wrap(step);
      if (!this.#frames.has(step) && !this.#waiting.has(step)) this.#fetch(step, ahead < SOON ? 'seen' : 'ahead');
    }
  }

  #fetch(step: number, lane: Lane): void {
    this.#waiting.add(step);
    void this.#make(step / STEPS, lane, this.#abandoned.signal).then((pixels) => {
      this.#waiting.delete(step);
      this.#frames.set(step, pixels);
    });
  }

  /** Cancels the pending requests. */
  abandon(): void {
    this.#abandoned.abort();
  }
}
