import { expect, test } from 'vitest';
import { requireAcceptable } from './accepts.ts';
import { Problem } from './problem.ts';

test.each([
  [undefined, true],
  ['', true],
  ['*/*', true],
  ['image/*', true],
  ['image/apng', true],
  ['image/png', true],
  ['IMAGE/PNG', true],
  ['image/png;level=1', true],
  ['image/png; level=1; q=0.1', true],
  ['garbage', true],
  [',', true],
  ['image/png;q=x', true],
  ['garbage, text/html', false],
  ['text/html', false],
  ['image/webp', false],
  ['image/png;q=0', false],
  ['image/apng;q=0, image/png;q=0, */*', false],
  ['image/*;q=0, */*', false],
])('Accept: %s accepts an animated PNG: %s', (header, accepted) => {
  const attempt = () => requireAcceptable(header, ['image/apng', 'image/png']);
  if (accepted) attempt();
  else expect(attempt).toThrow(Problem);
});
