import { expect, test } from 'vitest';
import { NormalStream, UniformStream } from './random-stream.ts';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test('a normal stream resumes bit for bit, however the numbers are split into calls', () => {
  const whole = new NormalStream(11).fill(new Float32Array(1000));
  for (const cut of [0, 1, 2, 333, 999, 1000]) {
    const before = new NormalStream(11);
    const head = before.fill(new Float32Array(cut));
    const tail = new NormalStream(throughJson(before.state)).fill(new Float32Array(1000 - cut));
    expect([...head, ...tail]).toEqual([...whole]);
  }
});

test('a saved state does not change with its stream', () => {
  const stream = new NormalStream(1);
  const { state } = stream;
  const first = stream.fill(new Float32Array(5));
  expect(new NormalStream(state).fill(new Float32Array(5))).toEqual(first);
  expect(stream.state).not.toEqual(state);
});

test('a uniform stream resumes in the middle of mixed draws', () => {
  const draw = (stream: UniformStream, count: number) =>
    Array.from({ length: count }, (_, i) => (i % 3 === 0 ? stream.next() : stream.nextInt(i + 1)));
  const whole = new UniformStream(5);
  draw(whole, 99);
  const resumed = new UniformStream(throughJson(whole.state));
  expect(draw(resumed, 100)).toEqual(draw(whole, 100));
});

test('next is uniform in [0, 1)', () => {
  const stream = new UniformStream(9);
  const cells = new Array<number>(100).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const value = stream.next();
    // A value outside [0, 1) has no cell and makes the sum NaN.
    cells[Math.floor(value * 100)]! += 1;
  }
  const chiSquare = cells.reduce((sum, cell) => sum + (cell - 1000) ** 2 / 1000, 0);
  // 99 degrees of freedom; the 0.01 % points of both tails.
  expect(chiSquare).toBeGreaterThan(51);
  expect(chiSquare).toBeLessThan(161);
});

test.each([1, 2, 3, 7, 10, 2 ** 31, 2 ** 32, 2 ** 40])('nextInt(%d) is uniform in its range', (n) => {
  const stream = new UniformStream(n % 1000);
  const values = Array.from({ length: 20_000 }, () => stream.nextInt(n));
  expect(values.every((value) => Number.isInteger(value) && value >= 0 && value < n)).toBe(true);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt((n * n - 1) / 12);
  expect(Math.abs(mean - (n - 1) / 2)).toBeLessThanOrEqual((4 * deviation) / Math.sqrt(values.length));
  expect(new Set(values).size).toBeGreaterThan(Math.min(n, 19_000) - 1);
});

test.each([0, -3, 1.5, 2 ** 54])('nextInt(%d) is rejected', (n) => {
  expect(() => new UniformStream(1).nextInt(n)).toThrow(/from 1 to 2\^53/);
});

test.each([[[0, 0, 0, 0]], [[1, 2, 3]], [[1, 2, 3, 0.5]], [[1, 2, 3, 2 ** 31]]])(
  'the invalid state %j is rejected',
  (state) => {
    expect(() => new NormalStream(state)).toThrow(/four signed 32-bit integers/);
    expect(() => new UniformStream(state)).toThrow(/four signed 32-bit integers/);
  },
);
