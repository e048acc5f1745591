import { expect, test } from 'vitest';
import { canBreed, childLabel, LITTER, labelLatent, labelName, parseChild } from './child.ts';
import { parseDog } from './parse-dog.ts';
import { latentFromSeed } from './random-latent.ts';
import { parseSeed } from './seed.ts';
import { UserError } from './user-error.ts';

const litterOf = (a: string, b: string) => Array.from({ length: LITTER }, (_, i) => childLabel(a, b, i + 1));

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);

test('a label names the parents, whatever their names are', () => {
  const names = [
    'Anna',
    '42',
    'a*b',
    '(x)',
    '100%',
    '%28',
    '루나',
    childLabel('Anna', 'Ben', 3),
    childLabel('a*b', '(', 8),
  ];
  for (const first of names) {
    for (const second of names) {
      expect(parseChild(childLabel(first, second, 5))).toEqual({ parents: [first, second], number: 5 });
    }
  }
  for (const other of ['', 'Anna', '(a)', '(a*b)', '(a*b)9', '(a*b*c)1', '(*b)1', '(a*(b)1', '((a*b)*c)1']) {
    expect(parseChild(other), other).toBeNull();
  }
});

test('every puppy is near both parents, different from its siblings, and of the same length as any z', () => {
  const [anna, ben] = ['Anna', 'Ben'].map((name) => latentFromSeed(parseSeed(name), 100)) as [
    Float32Array,
    Float32Array,
  ];
  const litter = litterOf('Anna', 'Ben').map((label) => labelLatent(label, 100));
  for (const [i, z] of litter.entries()) {
    // Cosines of two random z of this length are within 0.3 of 0.
    expect(cosine(z, anna)).toBeGreaterThan(0.3);
    expect(cosine(z, ben)).toBeGreaterThan(0.3);
    expect(Math.hypot(...z) / Math.sqrt(100)).toBeGreaterThan(0.8);
    expect(Math.hypot(...z) / Math.sqrt(100)).toBeLessThan(1.2);
    for (const sibling of litter.slice(i + 1)) expect(cosine(z, sibling)).toBeLessThan(0.95);
  }
  expect(labelLatent(litterOf('Anna', 'Ben')[2]!, 100)).toEqual(litter[2]);
  expect(labelLatent('(Zoe\u0308*Ben)3', 100)).toEqual(labelLatent('(Zo\u00eb*Ben)3', 100));
});

test('a puppy has the name of its parents', () => {
  const child = childLabel('Anna', 'Ben', 3);
  const grandchild = childLabel(child, 'Anna', 1);
  expect([labelName('Anna'), labelName(child), labelName(grandchild)]).toEqual([
    'Anna',
    'Anna × Ben 3',
    '(Anna × Ben 3) × Anna 1',
  ]);
});

test('a label is a puppy or a seed; what is not quite a puppy is a seed as any other text', () => {
  expect(parseDog('(Zoe\u0308*(a*b)1)3')).toBe('(Zo\u00eb*(a*b)1)3');
  for (const text of ['Anna', '42', '(x)', '(*_*)', '(a*b)9', '(a*b']) {
    expect(parseDog(text)).toBe(parseSeed(text));
    expect(labelLatent(text, 10)).toEqual(latentFromSeed(parseSeed(text), 10));
  }
});

let deep = 'Anna';
while (canBreed(deep, 'Ben')) deep = childLabel(deep, 'Ben', 4);
const long = childLabel('Anna'.repeat(10), 'Ben'.repeat(10), 1);

test.each([
  [childLabel(deep, 'Ben', 1), /"\({20}…" is no puppy: it has 242 characters, too many generations/],
  [long.replace(')', ''), /a closing parenthesis is missing/],
  [`${long})1`, /an opening parenthesis is missing/],
  [long.replace(/1$/, '9'), /its number is missing or wrong/],
  [long.replace('*', '*a*'), /two parents with one \* between them/],
  [`(${'x'.repeat(65)}*b)1`, /^The seed "x{20}…" has 65 characters/],
  ['x*'.repeat(40), /^The seed "(x\*){10}…" has 80 characters/],
])('%s is refused, saying what is wrong', (label, message) => {
  expect(() => parseDog(label)).toThrow(message);
  for (const read of [parseDog, (text: string) => labelLatent(text, 10)]) expect(() => read(label)).toThrow(UserError);
});
