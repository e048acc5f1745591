/**
 * `transform` over `items`, up to `inFlight` at a time, results in the order of the items. Takes an item only when
 * there is room, so a source of any length is never read ahead by more than that.
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
      // Its turn to be awaited, and to fail the whole, comes later: until then a failure is not an unhandled one.
      result.catch(() => {});
      waiting.push(result);
      if (waiting.length >= inFlight) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    // After an error or an early `return` nothing may go on in the background.
    await Promise.allSettled(waiting);
  }
}
