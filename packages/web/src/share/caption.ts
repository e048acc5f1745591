/** @module The names of the dogs, written into the pictures of a film or an animation. */
import type { Pixels } from '../engine/dog-maker.ts';

/** Share of the picture's side. */
const TEXT = 0.05;
const MARGIN = 0.035;
const PAPER = [255, 248, 240] as const;

interface Mask {
  /** Opacity of the text, 0 to 255, [height, side], at the bottom of the picture. */
  opacity: Uint8Array;
  height: number;
}

/** @returns null if this browser does not let pages read canvases (it answers with noise) */
function maskOf(text: string, side: number): Mask | null {
  const size = Math.round(TEXT * side);
  const height = Math.round(size + 2.4 * MARGIN * side);
  const context = new OffscreenCanvas(side, height).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, 1, 1);
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  // The last argument squeezes a text that is too wide.
  context.fillText(text, side / 2, height / 2, side * (1 - 2 * MARGIN));
  const { data } = context.getImageData(0, 0, side, height);
  const readable = data[3] === 255 && data[4 * 3 + 3] === 0;
  const opacity = Uint8Array.from({ length: side * height }, (_, i) => (i === 0 ? 0 : data[4 * i + 3]!));
  return readable ? { opacity, height } : null;
}

/** Darkens the bottom of a picture and writes on it. @param pixels RGBA [side, side, 4], changed in place */
export type Caption = (pixels: Pixels) => void;

/** A caption for pictures of the given side. */
export function captionOf(text: string, side: number): Caption {
  const mask = maskOf(text, side);
  if (!mask) return () => {};
  const { opacity, height } = mask;
  const first = side * (side - height);
  return (pixels) => {
    for (let i = 0; i < opacity.length; i++) {
      const shade = 1 - 0.7 * (Math.floor(i / side) / height);
      const cover = opacity[i]! / 255;
      const at = 4 * (first + i);
      for (let c = 0; c < 3; c++) pixels[at + c] = pixels[at + c]! * shade * (1 - cover) + PAPER[c]! * cover;
    }
  };
}
