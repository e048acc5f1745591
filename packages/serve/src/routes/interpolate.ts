/** @module GET /interpolate: a point or the whole path between two dogs. */

import { latentFromSeed, slerp, slerpPath, truncate } from '@latent-dogs/latent';
import type { Handler } from 'hono';
import type { ServerTiming } from '../http/server-timing.ts';
import type { InterpolateQuery, PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { Picture } from '../picture/picture.ts';
import { tile } from '../picture/tile.ts';
import type { ServerParts } from '../server-parts.ts';
import { answerPicture } from './answer-picture.ts';
import { captions } from './captions.ts';
import { encodeDog, paint } from './dog.ts';

/** Milliseconds per frame of an animation. */
const DELAY = 80;

type PointQuery = Extract<InterpolateQuery, { whole: false }>;
type PathQuery = Extract<InterpolateQuery, { whole: true }>;

export function interpolateRoute(parts: ServerParts, schema: PictureQueries['interpolate']): Handler {
  return (context) => {
    const query = readQuery(schema, context.req.url);
    return answerPicture(context, parts, schema, query, (timing) =>
      query.whole ? renderPath(parts, query, timing) : renderPoint(parts, query, timing),
    );
  };
}

/** z of both dogs, float32 [latentSize] each. */
const ends = ({ generator }: ServerParts, { from, to }: InterpolateQuery) =>
  [from, to].map((seed) => latentFromSeed(seed, generator.manifest.latentSize)) as [Float32Array, Float32Array];

function renderPoint(parts: ServerParts, query: PointQuery, timing: ServerTiming) {
  const { from, to, truncation, t } = query;
  const [start, end] = ends(parts, query);
  const z = truncate(slerp(start, end, t), truncation);
  return encodeDog(parts, z, query, { from, to, t, truncation }, timing);
}

async function renderPath(parts: ServerParts, query: PathQuery, timing: ServerTiming) {
  const { codecs, generator } = parts;
  const { from, to, truncation, frames: count, format, size, filter } = query;
  const path = slerpPath(ends(parts, query), count).map((z) => truncate(z, truncation));
  const painted = await paint(parts, path, timing);
  const shown = captions(generator.manifest, { from, to, frames: count, truncation });
  const resized = (picture: Picture) => codecs.resize(picture, size, filter);
  return timing.measure('encode', async () => {
    if (format === 'strip') return codecs.png(tile(await Promise.all(painted.map(resized)), count), shown);
    async function* frames() {
      for (const picture of painted) yield await resized(picture);
    }
    return codecs.apng(frames(), { count, delay: DELAY, captions: shown });
  });
}
