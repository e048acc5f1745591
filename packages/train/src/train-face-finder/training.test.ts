// @module-tag slow
import { PICTURE } from '@latent-dogs/face-finder';
import * as runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import type { LabelledPhoto } from './labelled-photos.ts';
import { trainFaceFinder } from './training.ts';

/** A grey photo with a white disc for a face. */
function photo(): LabelledPhoto {
  const pixels = new Uint8Array(PICTURE * PICTURE * 3).fill(90);
  for (let y = 0; y < PICTURE; y++) {
    for (let x = 0; x < PICTURE; x++)
      if (Math.hypot(x - 60, y - 50) < 25) pixels.fill(255, (y * PICTURE + x) * 3, (y * PICTURE + x) * 3 + 3);
  }
  return { number: 1, pixels, faces: [{ x: 60.5 / 128, y: 50.5 / 128, side: 50 / 128 }], aspect: 1 };
}

async function train(seed: number) {
  const losses: number[] = [];
  const onStep = ({ loss }: { loss: number }) => losses.push(loss);
  const weights = await trainFaceFinder({ runtime, photos: [photo()], views: 12 * 32, seed, onStep });
  return { losses, weights };
}

test('the loss falls, and the same seed gives the same weights', async () => {
  const first = await train(5);
  expect(first.losses).toHaveLength(12);
  const mean = (losses: number[]) => losses.reduce((sum, loss) => sum + loss) / losses.length;
  expect(mean(first.losses.slice(-3))).toBeLessThan(0.85 * mean(first.losses.slice(0, 3)));
  expect(await train(5)).toEqual(first);
  expect((await train(6)).losses[0]).not.toBe(first.losses[0]);
});
