/** @module GET /grid.json: where each dog is in the picture of /grid, for sites that show parts of it (CSS sprites). */

import type { Handler } from 'hono';
import * as v from 'valibot';
import { gridColumns, MODEL_DIGITS, type PictureQueries } from '../parameters/queries.ts';
import { canonicalQuery, readQuery } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { shownLook } from './adjust.ts';
import { answerPicture } from './answer-picture.ts';
import { dogName } from './dog.ts';

const whole = v.pipe(v.number(), v.integer());

export const spritesDocument = v.object({
  model: v.object({ name: v.string(), sha256: v.string() }),
  truncation: v.number(),
  dials: v.optional(v.array(v.number())),
  /** Address of the picture, which never changes. */
  image: v.string(),
  /** Of the picture, pixels. */
  width: whole,
  height: whole,
  /** The dogs in the order of `seeds`, with their places in the picture, pixels from the upper left. */
  sprites: v.array(v.object({ name: v.string(), seed: dogName, x: whole, y: whole, width: whole, height: whole })),
});

export function gridJsonRoute(parts: ServerParts, { grid, gridJson }: PictureQueries): Handler {
  const { name, generator } = parts.generator.manifest;
  return (context) =>
    answerPicture(context, parts, gridJson, readQuery(gridJson, context.req.url), async (query) => {
      const { seeds, size } = query;
      const columns = gridColumns(seeds.length);
      const picture = { ...query, seeds: seeds.map(({ seed }) => seed), format: 'png', download: undefined };
      const address = canonicalQuery(grid, { ...picture, model: generator.sha256.slice(0, MODEL_DIGITS) });
      return JSON.stringify({
        model: { name, sha256: generator.sha256 },
        ...shownLook(query),
        image: `/grid?${address}`,
        width: size * columns,
        height: size * Math.ceil(seeds.length / columns),
        sprites: seeds.map(({ label, seed }, index) => ({
          name: label,
          seed,
          x: size * (index % columns),
          y: size * Math.floor(index / columns),
          width: size,
          height: size,
        })),
      } satisfies v.InferOutput<typeof spritesDocument>);
    });
}
