/** @module Renders one dog as PNG, WebP or JSON. */

import type { DogName } from '@latent-dogs/latent';
import { encodeBase64 } from 'hono/utils/encode';
import * as v from 'valibot';
import type { ServerTiming } from '../http/server-timing.ts';
import type { Picture } from '../picture/picture.ts';
import type { Filter } from '../picture/resize.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Work } from '../work/work.ts';
import { captions } from './captions.ts';

export const dogName = v.pipe(
  v.union([v.pipe(v.number(), v.integer()), v.string()]),
  v.description('The number of a seed, or the label of a puppy'),
);

/** The answer of `format=json`. */
export const dogDocument = v.object({
  model: v.object({ name: v.string(), sha256: v.string() }),
  /** The dog; the two dogs and the position between them; or up to four dogs and the place in their square. */
  seed: v.optional(dogName),
  from: v.optional(dogName),
  to: v.optional(dogName),
  t: v.optional(v.number()),
  dogs: v.optional(v.array(dogName)),
  x: v.optional(v.number()),
  y: v.optional(v.number()),
  truncation: v.number(),
  /** Distances along the model's directions in their order, standard deviations. */
  dials: v.optional(v.array(v.number())),
  /** Width and height of the picture, pixels. */
  size: v.pipe(v.number(), v.integer()),
  /** The point in the latent space, after truncation and dials. */
  z: v.array(v.number()),
  /** The picture, a PNG as a data URL. */
  image: v.pipe(v.string(), v.startsWith('data:image/png;base64,')),
});

/** Which dog an answer shows. */
type Shown = (
  | { readonly seed: DogName }
  | { readonly from: DogName; readonly to: DogName; readonly t: number }
  | { readonly dogs: DogName[]; readonly x: number; readonly y: number }
) & { readonly truncation: number; readonly dials?: number[] };

/** Appearance of a dog in an answer. */
interface Look {
  /** Width and height, pixels. */
  readonly size: number;
  readonly filter: Filter;
  readonly format: 'png' | 'webp' | 'jpeg' | 'avif' | 'json';
}

/** The model's pictures of zs, float32 [latentSize] each. */
export function paint(
  { generator }: ServerParts,
  zs: readonly Float32Array[],
  work: Work,
  timing: ServerTiming,
): Promise<Picture[]> {
  return timing.measure('inference', () => Promise.all(zs.map((z) => work.infer(() => generator.generate(z)))));
}

/** The picture of z, resized and encoded. */
export async function encodeDog(
  parts: ServerParts,
  z: Float32Array,
  { size, filter, format }: Look,
  shown: Shown,
  work: Work,
  timing: ServerTiming,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const { codecs, generator } = parts;
  const [painted] = await paint(parts, [z], work, timing);
  const encode = async () => {
    const picture = await codecs.resize(painted!, size, filter);
    if (format !== 'png' && format !== 'json') return codecs[format](picture);
    const png = await codecs.png(picture, captions(generator.manifest, shown));
    if (format === 'png') return png;
    const { manifest } = generator;
    return JSON.stringify({
      model: { name: manifest.name, sha256: manifest.generator.sha256 },
      ...shown,
      size,
      z: Array.from(z),
      image: `data:image/png;base64,${encodeBase64(png.buffer)}`,
    } satisfies v.InferOutput<typeof dogDocument>);
  };
  return timing.measure('encode', () => work.encode(encode));
}
