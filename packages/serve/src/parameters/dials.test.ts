import * as v from 'valibot';
import { expect, test } from 'vitest';
import { dials } from './dials.ts';

const direction = (name: string | null) => ({ name, vector: [1], deviation: 1 });
const schema = dials(['light coat … dark coat', null, 'Warm … kühl', '7'].map(direction));

test.each([
  ['1.5', [1.5]],
  ['1.5,0,-2', [1.5, 0, -2]],
  ['0,-.25,0,0', [0, -0.25]],
  ['1:2', [0, 2]],
  ['light coat … dark coat:-3', [-3]],
  ['Light-Coat-Dark-Coat:3', [3]],
  ['warm-ku\u0308hl:1,0:0.5', [0.5, 0, 1]],
  // By name before by number.
  ['7:1', [0, 0, 0, 1]],
  ['0', undefined],
  ['2:-0,0', undefined],
])('%s is %j', (text, distances) => {
  expect(v.parse(schema, text)).toEqual(distances);
});

const LEGAL =
  'numbers from -3 to 3, separated by commas, in the order of the directions, such as 1.5,0,-2, or by number (0 to 3) ' +
  'or name, such as 0:1.5; names: 0 light-coat-dark-coat, 2 warm-kühl, 3 7';

test.each([
  ['', '"" is invalid'],
  ['3.01', '"3.01" is invalid'],
  ['-3.01', '"-3.01" is invalid'],
  ['1e0', '"1e0" is invalid'],
  ['NaN', '"NaN" is invalid'],
  ['1,', '"" is invalid'],
  ['0,0,0,0,0', '"0" is invalid'],
  ['4:1', '"4:1" is invalid'],
  ['-1:1', '"-1:1" is invalid'],
  ['tail:1', '"tail:1" is invalid'],
  [':1', '":1" is invalid'],
  ['constructor:1', '"constructor:1" is invalid'],
  ['length:1', '"length:1" is invalid'],
  ['0:', '"0:" is invalid'],
  ['1,0:2', 'direction 0 is given twice'],
  ['x'.repeat(500), `"${'x'.repeat(40)}…" is invalid`],
])('%s is refused', (text, reason) => {
  const { issues } = v.safeParse(schema, text);
  expect(issues?.map(({ message }) => message)).toEqual([`${reason}: it must be ${LEGAL}.`]);
});

test('a model without directions has no dials', () => {
  const { issues } = v.safeParse(dials([]), '1');
  expect(issues![0].message).toBe('"1" is invalid: it must be left out, because this model has no directions.');
});
