/** @module An animated GIF, with gifenc, small enough for chats. */
import { applyPalette, GIFEncoder, quantize } from 'gifenc/dist/gifenc.esm.js';
import type { Pixels } from '../engine/dog-maker.ts';
import type { PictureState } from '../state/picture-state.ts';
import { resample } from '../ui/resample.ts';
import type { Caption } from './caption.ts';
import { loopOf, picturesOf } from './recording.ts';

/** Pixels: about the size at which chat programs show GIFs. */
const LARGEST_SIDE = 256;
/** Chat programs take 8 to 10 MB. */
const MOST_BYTES = 7_000_000;
/** How many pictures of the loop tell how large all will be. */
const SAMPLES = 6;
/** GIFs count in hundredths of a second: 5 per picture, and 8 in a walk of many legs. */
const PICTURES_A_SECOND = 20;
const PICTURES_A_SECOND_MANY = 12.5;
const MANY = 100;

interface Frame {
  indices: Uint8Array;
  palette: number[][];
}

function frameOf(pixels: Pixels, side: number, caption: Caption): Frame {
  const large = resample(pixels, side);
  caption(large);
  // The palette of the small picture: enlarging only adds colours in between. The caption has one of its own.
  const palette = [...quantize(pixels, 248), [255, 248, 240], [150, 140, 132], [60, 54, 48], [0, 0, 0]];
  return { indices: applyPalette(large, palette), palette };
}

const bytesOf = (side: number, { indices, palette }: Frame) => {
  const encoder = GIFEncoder();
  encoder.writeFrame(indices, side, side, { palette, delay: 50 });
  return encoder.bytesView().length;
};

/** The side of the pictures, so that all of them fit. */
async function sideFor(
  states: readonly PictureState[],
  make: (state: PictureState) => Promise<Pixels>,
  cancelled: AbortSignal,
): Promise<number> {
  const some = Array.from({ length: SAMPLES }, (_, i) => states[Math.floor(((i + 0.5) / SAMPLES) * states.length)]!);
  let bytes = 0;
  for await (const pixels of picturesOf(some, make, cancelled)) {
    bytes += bytesOf(
      LARGEST_SIDE,
      frameOf(pixels, LARGEST_SIDE, () => {}),
    );
  }
  const all = (bytes / SAMPLES) * states.length;
  return Math.min(LARGEST_SIDE, Math.floor((LARGEST_SIDE * Math.sqrt(MOST_BYTES / all)) / 8) * 8);
}

/**
 * @param captionFor the caption for pictures of a side
 * @param onProgress receives the share that is done, and the bytes so far
 */
export async function recordGif(
  picture: PictureState,
  make: (state: PictureState) => Promise<Pixels>,
  captionFor: (side: number) => Caption,
  cancelled: AbortSignal,
  onProgress: (share: number, bytes: number) => void,
): Promise<Blob> {
  const fluent = loopOf(picture, PICTURES_A_SECOND);
  const many = fluent.length > MANY;
  const states = many ? loopOf(picture, PICTURES_A_SECOND_MANY) : fluent;
  const delay = 1000 / (many ? PICTURES_A_SECOND_MANY : PICTURES_A_SECOND);
  const side = await sideFor(states, make, cancelled);
  const caption = captionFor(side);
  const encoder = GIFEncoder();
  let done = 0;
  for await (const pixels of picturesOf(states, make, cancelled)) {
    const { indices, palette } = frameOf(pixels, side, caption);
    encoder.writeFrame(indices, side, side, { palette, delay });
    onProgress(++done / states.length, encoder.bytesView().length);
    // Lets the page respond between two pictures.
    await new Promise((resolve) => setTimeout(resolve));
  }
  encoder.finish();
  return new Blob([encoder.bytes() as Uint8Array<ArrayBuffer>], { type: 'image/gif' });
}
