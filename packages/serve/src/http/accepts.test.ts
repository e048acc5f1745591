import { expect, test } from 'vitest';
import { negotiate, requireAcceptable } from './accepts.ts';
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

const FORMATS = { avif: ['image/avif'], webp: ['image/webp'], png: ['image/apng', 'image/png'] };
test.each([
  [undefined, 'png'],
  ['*/*', 'png'],
  ['image/*', 'png'],
  ['text/html', 'png'],
  ['image/webp', 'webp'],
  // Chrome, Firefox, Safari.
  ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'avif'],
  ['image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5', 'avif'],
  ['image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,*/*;q=0.5', 'avif'],
  ['image/avif;q=0.5, image/webp;q=0.9', 'webp'],
  ['image/avif;q=0, image/*', 'png'],
  ['image/avif;q=0.2, image/png', 'png'],
])('Accept: %s chooses %s', (accept, format) => {
  expect(negotiate(accept, FORMATS, 'png')).toBe(format);
});
