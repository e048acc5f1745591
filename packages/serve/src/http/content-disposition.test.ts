import { expect, test } from 'vitest';
import { contentDisposition } from './content-disposition.ts';

test.each([
  ['dog-luna.png', 'inline; filename="dog-luna.png"'],
  ['dog-é.png', `inline; filename="dog-7.png"; filename*=UTF-8''dog-%C3%A9.png`],
  // The example of RFC 8187, section 3.2.3.
  ['£ and € rates', `inline; filename="dog-7.png"; filename*=UTF-8''%C2%A3%20and%20%E2%82%AC%20rates`],
  ["a'(*).png", `inline; filename="dog-7.png"; filename*=UTF-8''a%27%28%2A%29.png`],
  [
    'a"b\\c\r\nSet-Cookie: x.png',
    `inline; filename="dog-7.png"; filename*=UTF-8''a%22b%5Cc%0D%0ASet-Cookie%3A%20x.png`,
  ],
])('%j', (name, header) => {
  expect(contentDisposition('inline', name, 'dog-7.png')).toBe(header);
  expect(() => new Headers({ 'Content-Disposition': header })).not.toThrow();
});
