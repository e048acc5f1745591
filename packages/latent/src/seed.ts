/** @module What people may write for a seed. */

import { hashText } from './text-hash.ts';
import { UserError } from './user-error.ts';

const LARGEST_SEED = 0xffff_ffff;
const LONGEST_TEXT = 64;
const LEGAL = `an integer from 0 to ${LARGEST_SEED}, or any text of 1 to ${LONGEST_TEXT} characters`;

/** The number that canonical decimal text (no sign, no leading zero) stands for, or null. */
function parseDecimal(text: string): number | null {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) return null;
  const value = Number(text);
  return value <= LARGEST_SEED ? value : null;
}

/**
 * The unsigned 32-bit seed that `text` stands for: canonical decimal text of one ("0" to "4294967295") is that number;
 * any other text of 1 to 64 characters (code points after Unicode NFC) is hashed, 32-bit FNV-1a of its UTF-8 bytes.
 * So "007", "-1" and "4294967296" are texts, and "Luna" and "luna" are different dogs.
 *
 * @throws UserError for empty or longer text, and for a number that is not an unsigned 32-bit integer
 */
export function parseSeed(text: string | number): number {
  if (typeof text === 'number') {
    if (text === text >>> 0) return text >>> 0;
    throw new UserError(`Seed ${text} is not legal: a seed is ${LEGAL}.`);
  }
  const decimal = parseDecimal(text);
  if (decimal !== null) return decimal;
  const normalized = text.normalize('NFC');
  const length = [...normalized].length;
  if (length < 1) throw new UserError(`The seed is empty: a seed is ${LEGAL}.`);
  if (length > LONGEST_TEXT) {
    throw new UserError(
      `The seed "${[...normalized].slice(0, 20).join('')}…" has ${length} characters: a seed is ${LEGAL}.`,
    );
  }
  return hashText(normalized);
}

/** A seed for one purpose (say 'data order'), so that streams of one run that share its seed do not share numbers. */
export function deriveSeed(seed: number, purpose: string): number {
  return hashText(`${seed}/${purpose}`);
}

/** A seed as it was written, and the number it stands for. */
export interface LabelledSeed {
  label: string;
  seed: number;
}

/**
 * Reads a comma-separated list of seeds and ranges of seeds, both ends included: "0-63", "1,5,9", "rex,luna,0-7".
 * Spaces around an entry do not count; "a-b" is a range only if both are decimal digits.
 *
 * @param max how many seeds the list may hold
 * @throws UserError for an empty entry, a range that runs backwards or leaves the 32-bit seeds, and too many seeds
 */
export function parseSeedList(text: string, { max = 10_000 }: { max?: number } = {}): LabelledSeed[] {
  const seeds: LabelledSeed[] = [];
  const refuseMoreThan = (count: number) => {
    if (count > max) throw new UserError(`Seeds "${text}" are too many: at most ${max} are allowed here.`);
  };
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') {
      throw new UserError(
        `Seeds "${text}" hold an empty entry: write seeds or ranges with a comma between, such as 0-7,rex.`,
      );
    }
    const range = /^([0-9]+)-([0-9]+)$/.exec(entry);
    if (range === null) {
      refuseMoreThan(seeds.length + 1);
      seeds.push({ label: entry.normalize('NFC'), seed: parseSeed(entry) });
      continue;
    }
    const first = parseDecimal(range[1]!);
    const last = parseDecimal(range[2]!);
    if (first === null || last === null) {
      throw new UserError(
        `Seed range "${entry}" is not legal: both ends are integers from 0 to ${LARGEST_SEED}, without leading zeros.`,
      );
    }
    if (first > last) {
      throw new UserError(`Seed range "${entry}" runs backwards: write the smaller end first, "${last}-${first}".`);
    }
    refuseMoreThan(seeds.length + last - first + 1);
    for (let seed = first; seed <= last; seed++) seeds.push({ label: String(seed), seed });
  }
  return seeds;
}
