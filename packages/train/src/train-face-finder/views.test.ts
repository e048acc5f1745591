import { PICTURE } from '@latent-dogs/face-finder';
import { UniformStream } from '@latent-dogs/latent';
import { describe, expect, test } from 'vitest';
import type { LabelledPhoto } from './labelled-photos.ts';
import { backgroundView, faceView } from './views.ts';

/** A black photo with a white square of `side` pixels, its face, at [left, top]. */
function photoOf(left: number, top: number, side: number): LabelledPhoto {
  const pixels = new Uint8Array(PICTURE * PICTURE * 3);
  for (let y = top; y < top + side; y++) pixels.fill(255, (y * PICTURE + left) * 3, (y * PICTURE + left + side) * 3);
  const face = { x: (left + side / 2) / PICTURE, y: (top + side / 2) / PICTURE, side: side / PICTURE };
  return { number: 1, pixels, faces: [face], aspect: 1 };
}

/** Red at a place given in shares; null outside. */
function redAt(view: Uint8Array, x: number, y: number): number | null {
  const [column, row] = [Math.floor(x * PICTURE), Math.floor(y * PICTURE)];
  if (Math.min(column, row) < 0 || Math.max(column, row) >= PICTURE) return null;
  return view[(row * PICTURE + column) * 3]!;
}

describe('a view of a face', () => {
  test('shows it at the place and in the size that it says', () => {
    const stream = new UniformStream(1);
    const view = new Uint8Array(PICTURE * PICTURE * 3);
    const photo = photoOf(20, 50, 40);
    const sides: number[] = [];
    let [checked, edges] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const faces = faceView(photo, stream, view);
      expect(faces).toHaveLength(1);
      const { x, y, side } = faces[0]!;
      sides.push(side);
      const white = redAt(view, x, y)!;
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        // Sides may be stretched by exp(0.15), 16 %.
        const within = redAt(view, x + 0.36 * side * dx, y + 0.36 * side * dy);
        if (within !== null) expect(Math.abs(within - white)).toBeLessThan(20);
        const beyond = redAt(view, x + 0.64 * side * dx, y + 0.64 * side * dy);
        if (beyond === null) continue;
        checked++;
        // The colour of the canvas may happen to be that of the face.
        if (Math.abs(beyond - white) > 20) edges++;
      }
    }
    expect(edges / checked).toBeGreaterThan(0.93);
    expect(Math.min(...sides)).toBeLessThan(0.2);
    expect(Math.max(...sides)).toBeGreaterThan(0.6);
  });

  test('is the same for the same seed', () => {
    const view = (seed: number) => {
      const out = new Uint8Array(PICTURE * PICTURE * 3);
      return { faces: faceView(photoOf(20, 50, 40), new UniformStream(seed), out), out };
    };
    expect(view(3)).toEqual(view(3));
    expect(view(3)).not.toEqual(view(4));
  });
});

describe('a view beside the faces', () => {
  test('shows at most an eighth of a face', () => {
    const stream = new UniformStream(2);
    const view = new Uint8Array(PICTURE * PICTURE * 3);
    // An eighth of the face is 200 pixels, which a view enlarges 16 times at most.
    const photo = photoOf(44, 44, 40);
    let views = 0;
    for (let i = 0; i < 50; i++) {
      if (!backgroundView(photo, stream, view)) continue;
      views++;
      const values = Array.from({ length: PICTURE * PICTURE }, (_, k) => view[3 * k]!);
      const middle = (Math.max(...values) + Math.min(...values)) / 2;
      if (Math.max(...values) - Math.min(...values) < 60) continue;
      expect(values.filter((value) => value > middle).length).toBeLessThan(200 * 16 + 300);
    }
    expect(views).toBeGreaterThan(40);
  });
});
