/** @module Decodes HEIC files in a thread of its own: libheif takes seconds for a large photo, and blocks meanwhile. */
import { parentPort } from 'node:worker_threads';
import libheif from 'libheif-js/wasm-bundle.js';
import type { HeicAnswer, HeicRequest } from './heic.ts';

parentPort!.on('message', ({ bytes, maxPixels }: HeicRequest) => {
  decode(bytes, maxPixels).then(
    (answer) => parentPort!.postMessage(answer, 'pixels' in answer ? [answer.pixels.buffer as ArrayBuffer] : []),
    (error: unknown) => parentPort!.postMessage({ problem: 'broken', detail: String(error) } satisfies HeicAnswer),
  );
});

async function decode(bytes: Uint8Array, maxPixels: number): Promise<HeicAnswer> {
  const images = new libheif.HeifDecoder().decode(bytes);
  try {
    const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
    if (!image) return { problem: 'broken', detail: 'no image in the HEIC file' };
    const [width, height] = [image.get_width(), image.get_height()];
    if (width * height > maxPixels) return { problem: 'too large', detail: `${width}x${height} pixels` };
    const data = new Uint8ClampedArray(4 * width * height);
    const shown = await new Promise<object | null>((resolve) => {
      image.display({ data, width, height }, resolve);
    });
    if (!shown) return { problem: 'broken', detail: 'the HEIC file cannot be decoded' };
    return { pixels: new Uint8Array(data.buffer), width, height };
  } finally {
    for (const image of images) image.free();
  }
}
