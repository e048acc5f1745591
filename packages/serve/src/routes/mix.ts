/** @module GET /mix and /mix.json: a place between up to four dogs. */

import { mix } from '@latent-dogs/latent';
import type { Handler } from 'hono';
import type { MixQuery, PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { adjust, latentOf, shownLook } from './adjust.ts';
import { answerPicture } from './answer-picture.ts';
import { encodeDog } from './dog.ts';

export function mixRoute(parts: ServerParts, schema: PictureQueries['mix' | 'mixJson']): Handler {
  const { manifest } = parts.generator;
  return (context) => {
    const query = readQuery<MixQuery>(schema, context.req.url);
    const { dogs, x, y } = query;
    return answerPicture(context, parts, schema, query, (settled, work, timing) => {
      const zs = dogs.map((dog) => latentOf(dog, manifest));
      const z = adjust(mix(zs, { x, y }), query, manifest);
      return encodeDog(parts, z, settled, { dogs, x, y, ...shownLook(query) }, work, timing);
    });
  };
}
