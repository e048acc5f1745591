import { expect, test } from 'vitest';
import { checkFormat } from './photo-format.ts';

test.each([
  ['JPEG XL', '\xff\x0a\x00\x10'],
  ['JPEG XL', '\0\0\0\x0cJXL \r\n\x87\n'],
  ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
  ['Photoshop', '8BPS\0\x01'],
])('%s is named, with the remedy', (name, start) => {
  const head = Buffer.from(start.padEnd(64, '\0'), 'latin1');
  expect(() => checkFormat(head, 'a.jpg')).toThrow(`not a supported image: ${name}; export it as JPEG`);
});

test('other files are only refused', () => {
  expect(() => checkFormat(Buffer.from('a text'), 'a.jpg')).toThrow(/^not a supported image$/);
});
