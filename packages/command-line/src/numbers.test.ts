import { expect, test } from 'vitest';
import { bytesText, duration, grouped, megabytes, parseCount, parseDecimal, short } from './numbers.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_234_567, '1,234,567'],
])('%f is grouped as %s', (value, text) => {
  expect(grouped(value)).toBe(text);
});

test.each([
  [0.0123456, '0.0123'],
  [1.5, '1.5'],
  [2, '2'],
  [1234, '1230'],
  [null, '–'],
])('%f in short is %s', (value, text) => {
  expect(short(value)).toBe(text);
});

test('megabytes are of a million bytes', () => {
  expect(megabytes(1_618_160)).toBe('1.62 MB');
});

test.each([
  ['20000', 20_000],
  ['20,000', 20_000],
  ['1,000,000', 1_000_000],
  ['1_000_000', 1_000_000],
  ['1e6', 1_000_000],
  ['200k', 200_000],
  ['200K', 200_000],
  ['1.5M', 1_500_000],
  ['2m', 2_000_000],
  // 1.1 * 1e6 and 1.001 * 1e3 are not whole in floating point.
  ['1.1M', 1_100_000],
  ['1.001k', 1_001],
  ['0.0005k', 0.5],
  ['1.5', 1.5],
  ['0', 0],
])('%s is the count %f', (text, value) => {
  expect(parseCount(text)).toBe(value);
});

// 0,001 is a decimal comma, and 1,00 a slip.
test.each(['', 'k', '1,00', '0,001', '1,000k', '1,0000', '-1', '1e-3', '0x10', ' 1', 'Infinity', '1 000'])(
  '%j is no count',
  (text) => {
    expect(parseCount(text)).toBeNaN();
  },
);

test.each([
  ['12', 12],
  ['-0.5', -0.5],
  ['+.5', 0.5],
  ['2e-4', 0.0002],
  ['2.', 2],
])('%s is the number %f', (text, value) => {
  expect(parseDecimal(text)).toBe(value);
});

test.each(['', ' ', '1,5', '0x10', 'NaN', 'Infinity', '1k', '.'])('%j is no number', (text) => {
  expect(parseDecimal(text)).toBeNaN();
});

test.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [3_599, '59:59'],
  [36_610, '10:10:10'],
])('duration of %d s is %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [900, '900 bytes'],
  [1_618_160, '1.6 MB'],
  [21e6, '21 MB'],
  [70.4e9, '70 GB'],
])('%i bytes are %s', (value, text) => {
  expect(bytesText(value)).toBe(text);
});
