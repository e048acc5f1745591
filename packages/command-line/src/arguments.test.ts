import { UserError } from '@latent-dogs/latent';
import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { choice, count, number, parseArguments, parsed, text } from './arguments.ts';

const IMAGES = { min: 1, max: 5_000_000, whole: true };
const SHARE = { min: 0, max: 1.5, whole: false };
const PICTURES = { min: 0, max: 9, whole: true };

function program() {
  return new Command('pnpm test')
    .option('--force', 'do it')
    .addOption(text('--out <path>', 'where to'))
    .addOption(choice('--size <pixels>', [64, 128], 'how large'))
    .addOption(number('--psi <psi>', SHARE, 'truncation'))
    .addOption(number('-c, --columns <n>', PICTURES, 'pictures in a row'))
    .addOption(count('--images <n>', IMAGES, 'how many'))
    .addOption(
      parsed(
        '--seeds <list>',
        (value) => {
          if (value === 'slip') throw new TypeError('a mistake of ours');
          if (value === 'bad') throw new UserError('Seeds "bad" are bad: write better ones.');
          return value.split(',');
        },
        'which',
      ),
    );
}

function parse(...argv: string[]): Record<string, unknown> {
  const command = program();
  expect(parseArguments(command, argv)).toBe(true);
  return command.opts();
}

test.each([
  [[], {}],
  [['--force'], { force: true }],
  [['--', '--force'], { force: true }],
  [['--out', 'a b'], { out: 'a b' }],
  [['--size', '128'], { size: 128 }],
  [['--psi', '1.5'], { psi: 1.5 }],
  [['--psi', '1e-3'], { psi: 0.001 }],
  [['--psi=0'], { psi: 0 }],
  [['--images', '1,000,000'], { images: 1_000_000 }],
  [['--images', '1_000'], { images: 1000 }],
  [['--images', '1e6'], { images: 1_000_000 }],
  [['--images', '200k'], { images: 200_000 }],
  [['--images', '1.1M'], { images: 1_100_000 }],
  [['--seeds', '1,2'], { seeds: ['1', '2'] }],
])('%j', (argv, options) => {
  expect(parse(...argv)).toEqual(options);
});

test.each([
  [['--out', ' '], "--out: ' ' is empty"],
  [['--size', '65'], "--size: '65' is not one of 64, 128"],
  [['--psi', '1.51'], "--psi: '1.51' is not a number from 0 to 1.5"],
  [['--psi', '-1'], "--psi: '-1' is not a number from 0 to 1.5"],
  [['--psi', ''], "--psi: '' is not a number from 0 to 1.5"],
  [['--psi', '0,001'], "--psi: '0,001' is not a number from 0 to 1.5"],
  [['--columns', '1.5'], "'1.5' is not a whole number from 0 to 9"],
  [
    ['--images', '1,00'],
    "--images: '1,00' is not a whole number from 1 to 5000000, which may be written like 200k or 2M",
  ],
  [['--images', '6M'], "--images: '6M' is not a whole number from 1 to 5000000, which may be written like 200k or 2M"],
  [['--images', '0.0005k'], "--images: '0.0005k' is not a whole number from 1 to 5000000, which may be written"],
  [['--seeds', 'bad'], '--seeds: seeds "bad" are bad: write better ones'],
  [['--colour'], "unknown option '--colour'\n'pnpm test --help' lists all options"],
  [['--force', '--', 'photos'], 'too many arguments. Expected 0 arguments but got 1'],
])('%j is refused', (argv, message) => {
  const attempt = () => parseArguments(program(), argv);
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(message);
});

test("errors that are no user's mistake stay as they are", () => {
  expect(() => parseArguments(program(), ['--seeds', 'slip'])).toThrow(TypeError);
});

test('--help prints the legal values, and is no error', () => {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    expect(parseArguments(program(), ['--help'])).toBe(false);
    const help = write.mock.calls.map(([written]) => written).join('');
    for (const words of ['how large: 64, 128', 'truncation (0 to 1.5)', 'show this help'])
      expect(help).toContain(words);
  } finally {
    write.mockRestore();
  }
});
