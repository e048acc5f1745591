/** @module Lists of dogs: of seeds, ranges of seeds, and puppies. */
import { parseChild } from './child.ts';
import { type DogName, parseDog } from './parse-dog.ts';
import { parseEntries } from './seed.ts';

/** A dog as the user wrote it, and what it is. */
export interface NamedDog {
  label: string;
  seed: DogName;
}

/**
 * Parses a comma-separated list of seeds, inclusive ranges of seeds and labels of puppies: "rex,(Anna*Ben)3,0-7".
 * Spaces around an entry are ignored; "a-b" is a range only if both ends are decimal digits.
 *
 * @param max largest number of dogs allowed
 * @throws UserError for an empty entry, a range that runs backwards or exceeds 32-bit seeds, too many dogs, and as `parseDog`
 */
export const parseDogList = (text: string, { max = 10_000 }: { max?: number } = {}): NamedDog[] =>
  parseEntries(text, listEntries(text), max, parseDog);

/** The entries of a list. Commas separate them, but not those within the label of a puppy: its parents' names may have some. */
export function* listEntries(text: string): Generator<string> {
  for (let start = 0; start <= text.length; ) {
    const comma = text.indexOf(',', start);
    const end = puppyEnd(text, start) ?? (comma === -1 ? text.length : comma);
    yield text.slice(start, end);
    start = end + 1;
  }
}

/** Where the label of a puppy ends that is a whole entry and begins at `start`, or null if there is none. */
function puppyEnd(text: string, start: number): number | null {
  const [, before, label] = /^(\s*)(\(.{0,240})/su.exec(text.slice(start, start + 300)) ?? [];
  if (label === undefined) return null;
  let depth = 0;
  for (let i = 0; i < label.length; i++) {
    if (label[i] === '(') depth++;
    if (label[i] === ')') depth--;
    if (depth > 0) continue;
    // The number follows the last parenthesis.
    const end = start + before!.length + i + 2;
    const [, after] = /^(\s*)(?:,|$)/.exec(text.slice(end)) ?? [];
    return after !== undefined && parseChild(label.slice(0, i + 2).normalize('NFC')) ? end + after.length : null;
  }
  return null;
}
