/** @module GET /grid: a sheet of dogs. */

import { latentFromSeed, truncate } from '@latent-dogs/latent';
import type { Handler } from 'hono';
import { gridColumns, type PictureQueries } from '../parameters/queries.ts';
import { canonicalQuery, readQuery } from '../parameters/read-query.ts';
import { encodePng } from '../picture/png.ts';
import { resample } from '../picture/resample.ts';
import { tile } from '../picture/tile.ts';
import { encodeWebp } from '../picture/webp.ts';
import type { ServerParts } from '../server-parts.ts';
import { answerPicture } from './answer-picture.ts';
import { captions } from './captions.ts';
import { paint } from './dog.ts';

export function gridRoute(parts: ServerParts, schema: PictureQueries['grid']): Handler {
  const { manifest } = parts.generator;
  return (context) => {
    const query = readQuery(schema, context.req.url);
    const { seeds, size, truncation, filter, format } = query;
    return answerPicture(context, parts, {
      format,
      address: `/grid?${canonicalQuery(schema, query)}`,
      fileName: `dogs-${seeds.length}`,
      make: async (timing) => {
        const zs = seeds.map((seed) => truncate(latentFromSeed(seed, manifest.latentSize), truncation));
        const painted = await paint(parts, zs, timing);
        return timing.measure('encode', async () => {
          const dogs = await Promise.all(painted.map((dog) => resample(dog, size, filter, parts.codecs.resize)));
          const sheet = tile(dogs, gridColumns(dogs.length));
          if (format === 'webp') return encodeWebp(sheet, parts.codecs.webp);
          const shown = captions(manifest, { Seeds: seeds.join(','), Truncation: truncation });
          return encodePng(sheet, shown, parts.codecs.png);
        });
      },
    });
  };
}
