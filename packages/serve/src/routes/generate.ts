/** @module GET /generate and /generate.json: the dog of a seed, or a puppy. */

import type { Handler, HonoRequest } from 'hono';
import type { GenerateQuery, PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { adjust, latentOf, shownLook } from './adjust.ts';
import { answerPicture } from './answer-picture.ts';
import { encodeDog } from './dog.ts';

export function generateRoute(parts: ServerParts, schema: PictureQueries['generate' | 'generateJson']): Handler {
  const { manifest } = parts.generator;
  return (context) => {
    const query = readQuery<GenerateQuery>(schema, context.req.url);
    const { seed } = query;
    if (seed === undefined) return redirectToRandomDog(context.req);
    return answerPicture(context, parts, schema, query, (settled, work, timing) => {
      const z = adjust(latentOf(seed, manifest), query, manifest);
      return encodeDog(parts, z, settled, { seed, ...shownLook(query) }, work, timing);
    });
  };
}

/** Keeps the other parameters. */
function redirectToRandomDog({ path, url }: HonoRequest): Response {
  const { searchParams } = new URL(url);
  const query = new URLSearchParams({ seed: String(crypto.getRandomValues(new Uint32Array(1))[0]) });
  for (const [name, value] of searchParams) query.append(name, value);
  return new Response(null, {
    status: 302,
    headers: { Location: `${path}?${query}`, 'Cache-Control': 'no-store' },
  });
}
