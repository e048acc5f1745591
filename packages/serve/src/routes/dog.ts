/** @module Renders one dog as PNG, WebP or JSON. */

import { encodeBase64 } from 'hono/utils/encode';
import * as v from 'valibot';
import type { ServerTiming } from '../http/server-timing.ts';
import type { Picture } from '../picture/picture.ts';
import type { Captions } from '../picture/png.ts';
import type { Filter } from '../picture/resize.ts';
import type { ServerParts } from '../server-parts.ts';

/** The answer of `format=json`. */
export const dogDocument = v.object({
  model: v.object({ name: v.string(), sha256: v.string() }),
  /** Width and height of the picture, pixels. */
  size: v.pipe(v.number(), v.integer()),
  /** The point in the latent space, after truncation. */
  z: v.array(v.number()),
  /** The picture, a PNG as a data URL. */
  image: v.pipe(v.string(), v.startsWith('data:image/png;base64,')),
});

/** Appearance of a dog in an answer. */
interface Look {
  /** Width and height, pixels. */
  readonly size: number;
  readonly filter: Filter;
  readonly format: 'png' | 'webp' | 'json';
}

/** The model's pictures of zs, float32 [latentSize] each. */
export function paint(
  { generator }: ServerParts,
  zs: readonly Float32Array[],
  timing: ServerTiming,
): Promise<Picture[]> {
  return timing.measure('inference', () => Promise.all(zs.map((z) => generator.generate(z))));
}

/** The picture of z, resized and encoded. */
export async function encodeDog(
  parts: ServerParts,
  z: Float32Array,
  { size, filter, format }: Look,
  captions: Captions,
  timing: ServerTiming,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const { codecs, generator } = parts;
  const [painted] = await paint(parts, [z], timing);
  return timing.measure('encode', async () => {
    const picture = await codecs.resize(painted!, size, filter);
    if (format === 'webp') return codecs.webp(picture);
    const png = await codecs.png(picture, captions);
    if (format === 'png') return png;
    const { manifest } = generator;
    return JSON.stringify({
      model: { name: manifest.name, sha256: manifest.generator.sha256 },
      size,
      z: Array.from(z),
      image: `data:image/png;base64,${encodeBase64(png.buffer)}`,
    } satisfies v.InferOutput<typeof dogDocument>);
  });
}
