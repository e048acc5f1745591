/**
 * @module The puppies of two dogs. A puppy has a label as every dog has one, which names its parents: (Anna*Ben)3. So it
 * can be picked, linked, kept, and bred on.
 */
import { slerp } from './interpolate.ts';
import { latentFromSeed } from './random-latent.ts';
import { NormalStream } from './random-stream.ts';
import { deriveSeed, parseSeed } from './seed.ts';

/** How many puppies two dogs have. */
export const LITTER = 8;
/** Characters of a label: about ten generations. */
export const LONGEST_LABEL = 240;
/** Where between its parents a puppy may be: 0 is the one, 1 the other. */
const LEAST_SHARE = 0.3;
const MOST_SHARE = 0.7;
/** Share of a puppy that it has from neither, as a part of z of length 1. */
const OWN = 0.5;

export interface Child {
  parents: readonly [string, string];
  /** 1 to LITTER. */
  number: number;
}

const quote = (label: string) =>
  parseChild(label) ? label : label.replaceAll(/[%()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
const unquote = (part: string) =>
  part.replaceAll(/%(25|28|29|2a)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

export const childLabel = (first: string, second: string, number: number): string =>
  `(${quote(first)}*${quote(second)})${number}`;

/** Whether two dogs can have puppies: the label of one must not become too long. */
export const canBreed = (first: string, second: string) => childLabel(first, second, 1).length <= LONGEST_LABEL;

/** A puppy with its ancestors. */
export interface Family {
  label: string;
  /** A parent that is no puppy is its seed's text. */
  parents: readonly [Family | string, Family | string];
  number: number;
}

/** The parents that a label names, or null for the label of any other dog. */
export function parseChild(label: string): Child | null {
  const family = familyOf(label);
  if (!family) return null;
  const [first, second] = family.parents.map((parent) => (typeof parent === 'string' ? parent : parent.label));
  return { parents: [first!, second!], number: family.number };
}

/** The family tree that a label names, or null for the label of any other dog. A character is read once for each generation. */
export function familyOf(label: string): Family | null {
  if (label.length > LONGEST_LABEL || !/^\(.*\)[1-8]$/su.test(label)) return null;
  const inner = label.slice(1, -2);
  let depth = 0;
  let middle = -1;
  for (let i = 0; i < inner.length; i++) {
    if (inner[i] === '(') depth++;
    else if (inner[i] === ')') depth--;
    else if (inner[i] === '*' && depth === 0) {
      if (middle !== -1) return null;
      middle = i;
    }
    if (depth < 0) return null;
  }
  if (depth !== 0 || middle < 1 || middle === inner.length - 1) return null;
  const first = parentOf(inner.slice(0, middle));
  const second = parentOf(inner.slice(middle + 1));
  return first && second ? { label, parents: [first, second], number: Number(label.at(-1)) } : null;
}

/** null for parentheses that are no puppy. */
function parentOf(part: string): Family | string | null {
  if (part.includes('(')) return familyOf(part);
  const text = unquote(part);
  return familyOf(text) ?? text;
}

/**
 * The point z of the dog of a label, float32 [latentSize]: of a seed or of a puppy. As of seeds, the Unicode NFC counts.
 *
 * @throws UserError if the label, or a parent's, is no seed
 */
export function labelLatent(label: string, latentSize: number): Float32Array<ArrayBuffer> {
  const normalized = label.normalize('NFC');
  const family = familyOf(normalized);
  return family ? familyLatent(family, latentSize) : latentFromSeed(parseSeed(normalized), latentSize);
}

function familyLatent({ label, parents }: Family, latentSize: number): Float32Array<ArrayBuffer> {
  const [first, second] = parents.map((parent) =>
    typeof parent === 'string' ? latentFromSeed(parseSeed(parent), latentSize) : familyLatent(parent, latentSize),
  );
  return childLatent(label, first!, second!);
}

/**
 * z of a puppy: a point on the great circle between its parents, moved a little in a direction of its own. Everything
 * random comes from its label, so a puppy is the same everywhere.
 * @param first z of a parent, float32 [latentSize]
 * @param second z of the other
 */
function childLatent(
  label: string,
  first: Float32Array<ArrayBuffer>,
  second: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * (deriveSeed(0, label) / 2 ** 32);
  const own = new NormalStream(deriveSeed(1, label)).fill(new Float32Array(first.length));
  const between = slerp(first, second, share);
  // Both are of N(0, I), and so is this: the squares of the two weights add up to 1.
  return between.map((value, i) => Math.sqrt(1 - OWN * OWN) * value + OWN * own[i]!);
}

/** The name of the dog of a label: a puppy's is made of its parents'. */
export function labelName(label: string): string {
  const child = parseChild(label);
  if (!child) return label;
  const [first, second] = child.parents.map((parent) => (parseChild(parent) ? `(${labelName(parent)})` : parent));
  return `${first} × ${second} ${child.number}`;
}

/** The labels of the dogs that a puppy comes from and that are no puppies, each once. */
export const seedsOf = ({ parents }: Family): string[] => [
  ...new Set(parents.flatMap((parent) => (typeof parent === 'string' ? parent : seedsOf(parent)))),
];
