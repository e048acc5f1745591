/** @module Dogs as requests name them. Apart from child.ts, so that pages, whose labels are right, do without the errors. */
import { familyOf, LITTER, LONGEST_LABEL, seedsOf } from './child.ts';
import { parseSeed } from './seed.ts';
import { UserError } from './user-error.ts';

/** A dog as a request names it: the number of its seed, or the label of a puppy. */
export type DogName = number | string;

/**
 * The dog of a label. As of seeds, the Unicode NFC counts. A text that is not quite a puppy's label, such as "(a*b)9", is a
 * seed as any other text.
 *
 * @throws UserError if the label, or one of its ancestors', is no seed
 */
export function parseDog(label: string): DogName {
  const normalized = label.normalize('NFC');
  const family = familyOf(normalized);
  if (!family) return seedOf(normalized);
  for (const ancestor of seedsOf(family)) parseSeed(ancestor);
  return normalized;
}

/** The seed of a text that is no puppy's label. If it is too long for a seed and looks like a label, the error says what is wrong with it. */
function seedOf(text: string): number {
  try {
    return parseSeed(text);
  } catch (error) {
    if (!(error instanceof UserError && /^\(.*\*/su.test(text))) throw error;
    throw new UserError(`"${[...text].slice(0, 20).join('')}…" is no puppy: ${faultOf(text)}. ${LEGAL}`);
  }
}

const LEGAL = `A puppy is (first*second)number, such as (Anna*Ben)3, with a number from 1 to ${LITTER} and at most ${LONGEST_LABEL} characters in all; a seed has at most 64.`;

function faultOf(text: string): string {
  if (text.length > LONGEST_LABEL) return `it has ${text.length} characters, too many generations`;
  const count = (character: string) => text.split(character).length - 1;
  const missing = count('(') - count(')');
  if (missing !== 0) return `${missing > 0 ? 'a closing' : 'an opening'} parenthesis is missing`;
  if (!/\)[1-8]$/.test(text)) return 'its number is missing or wrong';
  return 'each pair of parentheses must hold two parents with one * between them';
}
