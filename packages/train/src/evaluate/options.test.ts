import { UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { parseEvaluateOptions } from './options.ts';

const parse = (line: string) => parseEvaluateOptions(line.split(' ').filter(Boolean))!;

test('without arguments: all checkpoints of the newest run', () => {
  expect(parse('')).toEqual({
    run: 'latest',
    model: null,
    data: null,
    count: 2_000,
    checkpoint: 'all',
    features: null,
    sheet: null,
    write: false,
  });
});

test('every option arrives', () => {
  expect(parse('--run a --data b --count 10k --checkpoint 040000 --sheet c.png')).toMatchObject({
    run: 'a',
    data: 'b',
    count: 10_000,
    checkpoint: 40_000,
    sheet: 'c.png',
  });
  const model = parse(
    '--model m --write --features net.onnx --features-size 299 --features-mean 0.485,0.456,0.406 --features-std 0.2 --features-output pool3',
  );
  expect(model).toMatchObject({ run: null, model: 'm', write: true });
  expect(model.features).toEqual({
    file: 'net.onnx',
    size: 299,
    mean: [0.485, 0.456, 0.406],
    deviation: [0.2, 0.2, 0.2],
    output: 'pool3',
  });
});

test.each([
  ['--model m --run latest', /--model: cannot be combined with --run/],
  ['--model m --checkpoint 40', /--checkpoint: a model has no checkpoints/],
  ['--write', /--write: needs --model/],
  ['--checkpoint newest', /--checkpoint: 'newest' is not all, best, latest or a number/],
  ['--count 7', /--count: '7' is not a whole number from 8 to 50000/],
  ['--features-size 299', /--features-size: needs --features/],
  ['--features n.onnx --features-mean 1,2', /--features-mean: '1,2' is not one number or three/],
  ['--features n.onnx --features-std 0', /--features-std: '0' is not a number from 0\.000001 to 10/],
  ['--features n.onnx --features-mean 0,,1', /--features-mean: '' is not a number/],
  ['--metrics', /unknown option '--metrics'/],
])('%s is refused', (line, message) => {
  expect(() => parse(line)).toThrow(UserError);
  expect(() => parse(line)).toThrow(message);
});
