/** @module GET /interpolate and /interpolate.json: a point or the whole path between two dogs. */

import { slerp, slerpPath } from '@latent-dogs/latent';
import type { Handler } from 'hono';
import type { ServerTiming } from '../http/server-timing.ts';
import type { InterpolateQuery, PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { Picture } from '../picture/picture.ts';
import { tile } from '../picture/tile.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Work } from '../work/work.ts';
import { adjust, latentOf, shownLook } from './adjust.ts';
import { answerPicture } from './answer-picture.ts';
import { captions } from './captions.ts';
import { encodeDog, paint } from './dog.ts';
import type { Settled } from './picture-format.ts';

/** Milliseconds per frame of an animation. */
const DELAY = 80;

type PointQuery = Settled<Extract<InterpolateQuery, { whole: false }>>;
type PathQuery = Settled<Extract<InterpolateQuery, { whole: true }>>;

export function interpolateRoute(
  parts: ServerParts,
  schema: PictureQueries['interpolate' | 'interpolateJson'],
): Handler {
  return (context) => {
    const query = readQuery<InterpolateQuery>(schema, context.req.url);
    return answerPicture(context, parts, schema, query, (settled, work, timing) =>
      settled.whole ? renderPath(parts, settled, work, timing) : renderPoint(parts, settled, work, timing),
    );
  };
}

/** z of both dogs, float32 [latentSize] each. */
const ends = ({ generator }: ServerParts, { from, to }: InterpolateQuery) =>
  [from, to].map((dog) => latentOf(dog, generator.manifest)) as [Float32Array, Float32Array];

function renderPoint(parts: ServerParts, query: PointQuery, work: Work, timing: ServerTiming) {
  const { from, to, t } = query;
  const [start, end] = ends(parts, query);
  const z = adjust(slerp(start, end, t), query, parts.generator.manifest);
  return encodeDog(parts, z, query, { from, to, t, ...shownLook(query) }, work, timing);
}

async function renderPath(parts: ServerParts, query: PathQuery, work: Work, timing: ServerTiming) {
  const { codecs, generator } = parts;
  const { manifest } = generator;
  const { from, to, frames: count, format, size, filter } = query;
  const path = slerpPath(ends(parts, query), count).map((z) => adjust(z, query, manifest));
  const painted = await paint(parts, path, work, timing);
  const shown = captions(manifest, { from, to, frames: count, ...shownLook(query) });
  const resized = (picture: Picture) => codecs.resize(picture, size, filter);
  return timing.measure('encode', async () => {
    if (format === 'strip') {
      const pictures = await Promise.all(painted.map((picture) => work.encode(() => resized(picture))));
      return work.encode(() => codecs.png(tile(pictures, count), shown));
    }
    if (format === 'webp') {
      const frames = painted.map((picture) => work.encode(async () => codecs.webp(await resized(picture))));
      return codecs.animatedWebp(await Promise.all(frames), { width: size, height: size, delay: DELAY });
    }
    const frames = async function* () {
      for (const picture of painted) yield await work.encode(async () => codecs.frame(await resized(picture)));
    };
    return codecs.apng(frames(), { count, delay: DELAY, captions: shown });
  });
}
