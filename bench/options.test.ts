import { UserError } from '@latent-dogs/latent';
import { expect, test, vi } from 'vitest';
import { PARTS, parseBenchOptions } from './options.ts';

test('all parts by default; named ones once, in the order of the page', () => {
  expect(parseBenchOptions([])).toEqual({
    parts: PARTS,
    write: false,
    full: false,
    rounds: 6,
    python: null,
    against: null,
    model: null,
  });
  expect(parseBenchOptions(['web', 'train', 'web', '--write'])).toMatchObject({ parts: ['train', 'web'], write: true });
});

test.each([
  [['speed'], "'speed' is not a part of the benchmarks; legal: train, data, export, serve, web"],
  [['--parts'], "unknown option '--parts'"],
  [['--python', ' '], "--python: ' ' is empty"],
  [['--rounds', '0'], "--rounds: '0' is not a whole number from 1 to 100"],
  [['data', '--against', '../older'], '--against: only the part train takes it'],
  [['train', '--model', 'models/dogs-64'], '--model: only the part serve takes it'],
])('%j is a mistake of the user', (argv, message) => {
  expect(() => parseBenchOptions(argv)).toThrow(UserError);
  expect(() => parseBenchOptions(argv)).toThrow(message);
});

test('--help explains every part and shows examples', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(parseBenchOptions(['--help'])).toBeNull();
  const help = write.mock.calls.join('');
  write.mockRestore();
  for (const part of PARTS) expect(help).toMatch(new RegExp(`^  ${part} `, 'm'));
  expect(help).toContain('$ pnpm bench train --write');
});
