/** @module Parsing seeds and lists of seeds. */

import { hashText } from './text-hash.ts';
import { UserError } from './user-error.ts';

const LARGEST_SEED = 0xffff_ffff;
const LONGEST_TEXT = 64;
const LEGAL = `an integer from 0 to ${LARGEST_SEED}, or any text of 1 to ${LONGEST_TEXT} characters`;

/** The first 20 characters: a message names what was wrong, and does not repeat all of a long text. */
function excerpt(text: string): string {
  const characters = [...text];
  return characters.length <= 20 ? text : `${characters.slice(0, 20).join('')}…`;
}

/** The value of canonical decimal text (no sign, no leading zero), or null. */
function parseDecimal(text: string): number | null {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) return null;
  const value = Number(text);
  return value <= LARGEST_SEED ? value : null;
}

/**
 * The unsigned 32-bit seed of `text`. Canonical decimal text ("0" to "4294967295") is that number. Any other text of
 * 1 to 64 characters (code points after Unicode NFC) is hashed: 32-bit FNV-1a of its UTF-8 bytes.
 * So "007", "-1" and "4294967296" are texts, and "Luna" and "luna" are different dogs.
 *
 * @throws UserError for empty or longer text, or a number that is not an unsigned 32-bit integer
 */
export function parseSeed(text: string | number): number {
  if (typeof text === 'number') {
    if (text === text >>> 0) return text >>> 0;
    throw new UserError(`Seed ${text} is invalid: it must be ${LEGAL}.`);
  }
  const decimal = parseDecimal(text);
  if (decimal !== null) return decimal;
  const normalized = text.normalize('NFC');
  const length = [...normalized].length;
  if (length < 1) throw new UserError(`The seed is empty: it must be ${LEGAL}.`);
  if (length > LONGEST_TEXT) {
    throw new UserError(`The seed "${excerpt(normalized)}" has ${length} characters: it must be ${LEGAL}.`);
  }
  return hashText(normalized);
}

/** A seed for one purpose (such as 'data order'), so that the streams of a run with one seed draw different numbers. */
export function deriveSeed(seed: number, purpose: string): number {
  return hashText(`${seed}/${purpose}`);
}

/**
 * The seeds of a list's entries, and of its ranges.
 *
 * @param text the whole list, for errors
 * @param parse of an entry that is no range
 */
export function parseEntries<Seed>(
  text: string,
  entries: Iterable<string>,
  max: number,
  parse: (entry: string) => Seed,
): { label: string; seed: Seed | number }[] {
  const seeds: { label: string; seed: Seed | number }[] = [];
  const requireAtMost = (count: number) => {
    if (count > max) throw new UserError(`Seeds "${excerpt(text)}" are too many: at most ${max} are allowed.`);
  };
  for (const part of entries) {
    const entry = part.trim();
    if (entry === '') {
      throw new UserError(
        `Seeds "${excerpt(text)}" contain an empty entry: separate seeds or ranges by commas, such as 0-7,rex.`,
      );
    }
    const range = /^([0-9]+)-([0-9]+)$/.exec(entry);
    if (range === null) {
      requireAtMost(seeds.length + 1);
      seeds.push({ label: entry.normalize('NFC'), seed: parse(entry) });
      continue;
    }
    const first = parseDecimal(range[1]!);
    const last = parseDecimal(range[2]!);
    if (first === null || last === null) {
      throw new UserError(
        `Seed range "${excerpt(entry)}" is invalid: both ends must be integers from 0 to ${LARGEST_SEED}, without leading zeros.`,
      );
    }
    if (first > last) {
      throw new UserError(`Seed range "${entry}" runs backwards: write the smaller end first, "${last}-${first}".`);
    }
    requireAtMost(seeds.length + last - first + 1);
    for (let seed = first; seed <= last; seed++) seeds.push({ label: String(seed), seed });
  }
  return seeds;
}
