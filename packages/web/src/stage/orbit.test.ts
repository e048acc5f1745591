import { expect, test } from 'vitest';
import { advanceOrbit, ORBIT_SECONDS, orbitPoint } from './orbit.ts';

test('the orbit is closed, stays within the pad, and comes near every corner', () => {
  const points = Array.from({ length: 401 }, (_, i) => orbitPoint(i / 400));
  expect(points[400]!.x).toBeCloseTo(points[0]!.x, 9);
  for (const corner of [0, 1].flatMap((x) => [0, 1].map((y) => ({ x, y })))) {
    expect(Math.min(...points.map(({ x, y }) => Math.hypot(x - corner.x, y - corner.y)))).toBeLessThan(0.3);
  }
  expect(points[0]!.x).toBeLessThan(0.5);
  expect(points[0]!.y).toBeLessThan(0.5);
  for (const { x, y } of points) expect(Math.min(x, y, 1 - x, 1 - y)).toBeGreaterThan(0);
});

test.each([
  { x: 0.5, y: 0.5 },
  { x: 0, y: 1 },
  { x: 0.3, y: 0.6 },
])('from %o the handle glides to the orbit without a jump', (start) => {
  let point = start;
  for (let frame = 0; frame < 60 * ORBIT_SECONDS; frame++) {
    const next = advanceOrbit(point, 1 / 60);
    expect(Math.hypot(next.x - point.x, next.y - point.y)).toBeLessThan(0.03);
    point = next;
  }
  expect(Math.hypot(point.x - 0.5, point.y - 0.5)).toBeCloseTo(0.42, 3);
});
