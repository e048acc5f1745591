/** @module The gallery's files in workerd, from Cloudflare's server of static files. */

import { env } from 'cloudflare:workers';
import type { MiddlewareHandler } from 'hono';
import { compressedCopy } from './compressed-copy.ts';

export const serveGallery: MiddlewareHandler = async ({ req }, next) => {
  const copy = await compressedCopy(req.raw);
  if (copy) return copy;
  const answer = await env.ASSETS.fetch(req.raw);
  if (answer.status === 404) return next();
  // Its headers can be changed.
  return new Response(answer.body, answer);
};
