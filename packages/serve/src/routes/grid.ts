/** @module GET /grid: a grid of dogs. */

import type { Handler } from 'hono';
import { gridColumns, type PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import { tile } from '../picture/tile.ts';
import type { ServerParts } from '../server-parts.ts';
import { adjust, latentOf, shownLook } from './adjust.ts';
import { answerPicture } from './answer-picture.ts';
import { captions } from './captions.ts';
import { paint } from './dog.ts';

export function gridRoute(parts: ServerParts, schema: PictureQueries['grid']): Handler {
  const { codecs, generator } = parts;
  const { manifest } = generator;
  return (context) => {
    return answerPicture(context, parts, schema, readQuery(schema, context.req.url), async (query, work, timing) => {
      const { seeds, size, filter, format } = query;
      const zs = seeds.map((seed) => adjust(latentOf(seed, manifest), query, manifest));
      const painted = await paint(parts, zs, work, timing);
      return timing.measure('encode', async () => {
        const dogs = await Promise.all(painted.map((dog) => work.encode(() => codecs.resize(dog, size, filter))));
        return work.encode(async () => {
          const grid = tile(dogs, gridColumns(dogs.length));
          if (format === 'png') return codecs.png(grid, captions(manifest, { seeds, ...shownLook(query) }));
          return codecs[format](grid);
        });
      });
    });
  };
}
