/** @module Pictures that were made last, in memory. */

import type { AnswerCache } from '../server-parts.ts';

interface Entry {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
}

/** Keeps at most `capacity` bytes of pictures; the one unused for the longest goes first. */
export function createPictureCache(capacity: number): AnswerCache {
  // A map keeps its order: the entry used last is at the end.
  const entries = new Map<string, Entry>();
  let bytes = 0;
  const remove = (url: string): Entry | undefined => {
    const entry = entries.get(url);
    entries.delete(url);
    bytes -= entry?.body.length ?? 0;
    return entry;
  };
  const add = (url: string, entry: Entry): void => {
    remove(url);
    entries.set(url, entry);
    bytes += entry.body.length;
    for (const oldest of entries.keys()) {
      if (bytes <= capacity) break;
      remove(oldest);
    }
  };
  return {
    match: async (url) => {
      const entry = remove(url);
      if (!entry) return undefined;
      add(url, entry);
      return new Response(entry.body, { headers: entry.headers });
    },
    put: (url, answer) => {
      const { headers } = answer;
      void answer.arrayBuffer().then((buffer) => add(url, { body: new Uint8Array(buffer), headers }));
    },
  };
}
