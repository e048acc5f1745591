/** @module How well a face finder does on photos whose faces are known, and on pictures without a face. */
import { type Face, FaceFinder, type FoundFace, PICTURE, type Picture, squareOf } from '@latent-dogs/face-finder';
import { UniformStream } from '@latent-dogs/latent';
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import sharp from 'sharp';
import { drawnScene } from './drawn-scene.ts';
import type { LabelledPhoto } from './labelled-photos.ts';
import { backgroundView } from './views.ts';

/** The likeliest face of each picture, however low its score. */
export async function likeliestFaces(
  runtime: Runtime,
  model: Uint8Array,
  pictures: Iterable<Picture> | AsyncIterable<Picture>,
): Promise<FoundFace[]> {
  const finder = await FaceFinder.create(runtime, model);
  const faces: FoundFace[] = [];
  for await (const picture of pictures) faces.push(await finder.likeliest(picture));
  await finder.dispose();
  return faces;
}

/** Photos in their true proportions. */
export async function* unsquashed(photos: readonly LabelledPhoto[]): AsyncGenerator<Picture> {
  for (const { pixels, aspect } of photos) {
    const [width, height] = [1.5 * PICTURE * Math.sqrt(aspect), (1.5 * PICTURE) / Math.sqrt(aspect)].map(
      Math.round,
    ) as [number, number];
    const squashed = sharp(pixels, { raw: { width: PICTURE, height: PICTURE, channels: 3 } });
    yield {
      width,
      height,
      channels: 3,
      pixels: await squashed.resize(width, height, { fit: 'fill' }).raw().toBuffer(),
    };
  }
}

/** `count` pictures without a face: half of them parts of `photos` beside the faces, half of them drawn. */
export function* faceless(photos: readonly LabelledPhoto[], count: number, seed: number): Generator<Picture> {
  const stream = new UniformStream(seed);
  for (let i = 0; i < count; i++) {
    const pixels = new Uint8Array(PICTURE * PICTURE * 3);
    const drawn = i % 2 === 1 || !backgroundView(photos[stream.nextInt(photos.length)]!, stream, pixels);
    if (drawn) drawnScene(stream, pixels);
    yield { width: PICTURE, height: PICTURE, pixels, channels: 3 };
  }
}

/** How far a found square is from the square of the box. */
export interface Deviation {
  /** Distances of the centres right and down, as shares of the box's side. */
  readonly x: number;
  readonly y: number;
  /** The found side as a share of the box's. */
  readonly ratio: number;
  /** Area of both by the area of either. */
  readonly iou: number;
}

/** Compares squares in the photo's true proportions; of several faces, with the one that fits best. */
export function deviationOf(found: Face, photo: LabelledPhoto): Deviation {
  const [width, height] = [1000 * Math.sqrt(photo.aspect), 1000 / Math.sqrt(photo.aspect)];
  const a = squareOf(found, width, height);
  const deviations = photo.faces.map((face) => {
    const side = 1000 * face.side;
    const b = { x: face.x * width - side / 2, y: face.y * height - side / 2, side };
    const overlap = (one: number, other: number) =>
      Math.max(0, Math.min(one + a.side, other + b.side) - Math.max(one, other));
    const both = overlap(a.x, b.x) * overlap(a.y, b.y);
    return {
      x: (a.x + a.side / 2 - b.x - b.side / 2) / b.side,
      y: (a.y + a.side / 2 - b.y - b.side / 2) / b.side,
      ratio: a.side / b.side,
      iou: both / (a.side ** 2 + b.side ** 2 - both),
    };
  });
  return deviations.reduce((best, one) => (one.iou > best.iou ? one : best));
}

/** Within 15 % of the side in x, in y and in the side itself. */
export const isClose = ({ x, y, ratio }: Deviation): boolean =>
  Math.abs(x) <= 0.15 && Math.abs(y) <= 0.15 && Math.abs(ratio - 1) <= 0.15;

/**
 * The score that separates pictures with and without a face best: the sum of the share of faces below it and the share of
 * faceless pictures from it on is the least. Between two scores, so that rounding moves no picture across.
 */
export function bestThreshold(withFace: readonly number[], without: readonly number[]): number {
  const scores = [...withFace, ...without].sort((a, b) => a - b);
  const share = (of: readonly number[], accept: (score: number) => boolean) => of.filter(accept).length / of.length;
  let [best, least] = [0.5, Number.POSITIVE_INFINITY];
  for (const [i, score] of scores.entries()) {
    const threshold = ((scores[i - 1] ?? 0) + score) / 2;
    const errors = share(withFace, (one) => one < threshold) + share(without, (one) => one >= threshold);
    if (errors < least) [best, least] = [threshold, errors];
  }
  return best;
}
