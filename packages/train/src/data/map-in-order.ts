/**
 * Applies `transform` to `items`, up to `inFlight` at a time, and yields the results in the order of the items. Never reads
 * further ahead than `inFlight` items, so `items` may be of any length.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  inFlight: number,
  transform: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = transform(item);
      // A failure is thrown when the result is awaited; until then it must not count as an unhandled rejection.
      result.catch(() => {});
      waiting.push(result);
      if (waiting.length >= inFlight) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    // After an error or an early `return`, nothing may continue in the background.
    await Promise.allSettled(waiting);
  }
}
