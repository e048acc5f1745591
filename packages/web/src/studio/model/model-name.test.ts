import { expect, test } from 'vitest';
import { modelNameFrom } from './model-name.ts';

test.each([
  ['Köter & Co', [], 'koter-co'],
  ['  ..', [], 'my-dogs'],
  ['Rex', ['rex', 'rex-2'], 'rex-3'],
  ['멍멍이', ['my-dogs'], 'my-dogs-2'],
])('%j beside %j is called %s', (text, taken, name) => {
  expect(modelNameFrom(text, taken)).toBe(name);
});
