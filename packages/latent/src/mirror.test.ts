import { expect, test } from 'vitest';
import { mirror } from './mirror.ts';

test.each([4, 5])('each row of %i pixels is reversed, the channels of a pixel stay in order', (size) => {
  const before = Uint8Array.from({ length: 2 * size * size * 3 }, (_, i) => (i * 7) % 256);
  const after = before.slice();
  mirror(after, size);
  for (let row = 0; row < 2 * size; row++)
    for (let x = 0; x < size; x++)
      for (let channel = 0; channel < 3; channel++)
        expect(after[(row * size + x) * 3 + channel]).toBe(before[(row * size + size - 1 - x) * 3 + channel]);
});
