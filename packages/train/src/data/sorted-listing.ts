/** @module A list of files, sorted by path, that may be larger than memory: an external merge sort. */

import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Items held in memory at once. A million files make 16 sorted runs on disk. */
const RUN_LENGTH = 65_536;

/**
 * `add` takes items in any order; `inOrder` yields them sorted by `path` (by UTF-16 code unit, so the same on every machine).
 * Every `RUN_LENGTH` items a sorted run is written to a file `<spillPrefix><number>`, which `close` deletes.
 */
export class SortedListing<Item extends { path: string }> {
  #count = 0;
  #run: Item[] = [];
  #spilled: string[] = [];
  readonly #spillPrefix: string;
  readonly #runLength: number;

  constructor(spillPrefix: string, runLength = RUN_LENGTH) {
    this.#spillPrefix = spillPrefix;
    this.#runLength = runLength;
  }

  get count(): number {
    return this.#count;
  }

  async add(item: Item): Promise<void> {
    this.#run.push(item);
    this.#count++;
    if (this.#run.length < this.#runLength) return;
    const file = `${this.#spillPrefix}${this.#spilled.length}`;
    this.#spilled.push(file);
    const run = this.#run.sort(byPath);
    this.#run = [];
    await writeFile(file, run.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  async *inOrder(): AsyncGenerator<Item> {
    const runs: Run<Item>[] = [...this.#spilled.map(readRun<Item>), this.#run.sort(byPath).values()];
    const heads: (Item | undefined)[] = [];
    for (const [i, run] of runs.entries()) heads[i] = (await run.next()).value;
    for (;;) {
      let first: number | undefined;
      for (const [i, head] of heads.entries()) {
        if (head && (first === undefined || byPath(head, heads[first]!) < 0)) first = i;
      }
      if (first === undefined) return;
      yield heads[first]!;
      heads[first] = (await runs[first]!.next()).value;
    }
  }

  async close(): Promise<void> {
    this.#run = [];
    await Promise.all(this.#spilled.map((file) => rm(file, { force: true })));
  }
}

type Run<Item> = AsyncIterator<Item, undefined> | Iterator<Item, undefined>;

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

async function* readRun<Item>(file: string): AsyncGenerator<Item, undefined> {
  for await (const line of createInterface({ input: createReadStream(file) })) yield JSON.parse(line);
}
