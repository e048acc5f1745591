/** @module The square of the dog's face in a photo, found as `pnpm train --crop face` does. */
import { hasSimd } from '@latent-dogs/client/runtime/capabilities';
import { FaceFinder, squareOf } from '@latent-dogs/face-finder';
import finderFile from '@latent-dogs/face-finder/finder.onnx?url';
import { loadWasm } from '../../worker/onnxruntime-files.ts';
import { drawPart, pixelsOf } from './draw-part.ts';
import type { GuessSquare } from './square.ts';

/** Photos are shrunk to this before the finder looks at them: its network sees 128x128, and large photos would fill the memory. */
const LOOK = 512;

/** Loaded with the first photo. */
let finder: Promise<FaceFinder> | undefined;

async function load(): Promise<FaceFinder> {
  if (!hasSimd()) throw new Error('this browser has no WebAssembly SIMD');
  const response = await fetch(finderFile);
  if (!response.ok) throw new Error(`${finderFile}: ${response.status} ${response.statusText}`);
  const model = new Uint8Array(await response.arrayBuffer());
  return FaceFinder.create(await loadWasm(1), model);
}

/** The likeliest face; null: none is likely enough. @throws Error if the finder cannot be loaded, or cannot run. */
export const faceSquare: GuessSquare = async (photo) => {
  finder ??= load();
  const scale = Math.min(1, LOOK / Math.max(photo.width, photo.height));
  const [width, height] = [photo.width, photo.height].map((length) => Math.max(1, Math.round(scale * length))) as [
    number,
    number,
  ];
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  const pixels = pixelsOf(drawPart(photo, whole, width, height));
  const face = await (await finder).find({ width, height, pixels, channels: 4 });
  return face && squareOf(face, photo.width, photo.height);
};
