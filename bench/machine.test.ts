import { expect, test } from 'vitest';
import { commandOf, describeConditions } from './machine.ts';
import { parseBenchOptions } from './options.ts';

test('the command that is written measures one part, and names no path of this machine', () => {
  const argv = [
    'train',
    'serve',
    '--write',
    '--rounds',
    '2',
    '--python',
    '/home/me/venv/bin/python',
    '--against',
    '/home/me/older',
  ];
  const options = parseBenchOptions(argv)!;
  expect(commandOf('train', options)).toBe('pnpm bench train --write --rounds 2 --python PATH --against PATH');
  expect(commandOf('serve', options)).toBe('pnpm bench serve --write --rounds 2 --python PATH');
  // What is written can be given again.
  expect(parseBenchOptions(commandOf('serve', options).split(' ').slice(2))).toMatchObject({
    parts: ['serve'],
    rounds: 2,
  });
});

test('says which versions took part, and warns of other load', () => {
  const idle = describeConditions('pnpm bench data', 0.2, ['PyTorch 2.13.0']);
  expect(idle).toMatch(/ONNX Runtime \d+\.\d+\.\d+, PyTorch 2\.13\.0\.$/);
  expect(idle).toContain('Load average when it began: 0.2. ');
  expect(describeConditions('pnpm bench data', 3.21, [])).toContain('3.2 (other programs were running');
});
