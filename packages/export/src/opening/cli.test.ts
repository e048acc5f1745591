import { UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { parseOpeningOptions } from './cli.ts';

test('seeds are numbers and ranges, in the order given', () => {
  const options = parseOpeningOptions(['--seeds', '95,129,2-4', '--model', 'models/dogs-64'])!;
  expect(options.seeds).toEqual([95, 129, 2, 3, 4]);
  expect(options.model).toBe('models/dogs-64');
});

test('puppies, which have no number, are refused', () => {
  expect(() => parseOpeningOptions(['--seeds', '95,129,(anna*ben)3'])).toThrow(
    /--seeds.*'\(anna\*ben\)3' is a puppy; the gallery opens with dogs that have a number/,
  );
});

test('seeds must be given', () => {
  expect(() => parseOpeningOptions([])).toThrow(UserError);
});
