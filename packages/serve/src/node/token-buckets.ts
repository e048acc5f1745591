/** @module Rate limits per client: token buckets. */

interface Bucket {
  tokens: number;
  /** When it had so many tokens, ms. */
  at: number;
}

/** Buckets kept at once. The one unused for the longest is forgotten first; it is full by then, or nearly so. */
const MOST_BUCKETS = 10_000;

/** Each client has a bucket of `capacity` tokens, which fills up within a minute. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #capacity: number;
  readonly #now: () => number;

  /** @param now in ms */
  constructor(capacity: number, now: () => number = () => performance.now()) {
    this.#capacity = capacity;
    this.#now = now;
  }

  /**
   * Takes `count` tokens from a client's bucket if it has them.
   *
   * @param count at most the capacity
   * @returns 0, or the seconds until the bucket has so many tokens
   */
  take(client: string, count: number): number {
    const now = this.#now();
    const perMillisecond = this.#capacity / 60_000;
    const { tokens: earlier, at } = this.#buckets.get(client) ?? { tokens: this.#capacity, at: now };
    const tokens = Math.min(this.#capacity, earlier + (now - at) * perMillisecond);
    const enough = tokens >= count;
    // A map keeps its order: the bucket used last is at the end.
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: enough ? tokens - count : tokens, at: now });
    if (this.#buckets.size > MOST_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return enough ? 0 : Math.ceil((count - tokens) / perMillisecond / 1000);
  }
}
