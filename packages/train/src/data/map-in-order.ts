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
      waiting.push(transform(item));
      if (waiting.length >= inFlight) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    // After an error or an early `return` nothing may go on in the background.
    await Promise.allSettled(waiting);
  }
}
