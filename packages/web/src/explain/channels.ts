/** @module Chooses the channels of a layer that are worth a picture, and draws them. */
import type { Activation } from '../engine/protocol.ts';

function plane({ data, width, height }: Activation, channel: number): Float32Array {
  return data.subarray(channel * width * height, (channel + 1) * width * height);
}

function deviation(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}

/** The channels whose values vary most, the most varied first. */
export function liveliest(layer: Activation, count: number): number[] {
  const lively = Array.from({ length: layer.channels }, (_, channel) => ({
    channel,
    deviation: deviation(plane(layer, channel)),
  }));
  lively.sort((a, b) => b.deviation - a.deviation || a.channel - b.channel);
  return lively.slice(0, count).map(({ channel }) => channel);
}

type Colour = readonly [number, number, number];

/** Evenly spaced from dark to light in the page's warm colours. Lightness only rises, so it reads in grey too. */
const WARM: readonly Colour[] = [
  [28, 18, 22],
  [96, 36, 38],
  [178, 76, 36],
  [232, 150, 72],
  [255, 240, 214],
];

/** @param share 0 to 1 */
function warm(share: number): Colour {
  const at = Math.min(1, Math.max(0, share)) * (WARM.length - 1);
  const below = Math.min(WARM.length - 2, Math.floor(at));
  const [a, b] = [WARM[below]!, WARM[below + 1]!];
  const mixed = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * (at - below));
  return [mixed(0), mixed(1), mixed(2)];
}

/** A channel as RGBA, from its smallest value in the darkest colour to its largest in the lightest. */
export function channelPixels(layer: Activation, channel: number): Uint8ClampedArray<ArrayBuffer> {
  const values = plane(layer, channel);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const range = most - least || 1;
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (const [i, value] of values.entries()) pixels.set([...warm((value - least) / range), 255], i * 4);
  return pixels;
}
