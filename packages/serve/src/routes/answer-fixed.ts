/** @module Answers that do not depend on a query. */

import type { Context } from 'hono';
import { requireAcceptable } from '../http/accepts.ts';
import { REVALIDATED_CACHING } from '../http/caching.ts';
import { notModified } from '../http/entity-tag.ts';

interface Fixed {
  readonly tag: string;
  /** The one that is sent, then others that may be asked for. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** `Cache-Control`; by default caches must ask again, which usually gives 304. */
  readonly caching?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws Problem (406) */
export async function answerFixed(
  context: Context,
  { tag, mediaTypes, caching = REVALIDATED_CACHING, headers = {} }: Fixed,
  open: () => BodyInit | Promise<BodyInit>,
): Promise<Response> {
  const names = mediaTypes.map((mediaType) => mediaType.split(';', 1)[0]!);
  requireAcceptable(context.req.header('Accept'), names);
  const cacheHeaders = { ETag: tag, 'Cache-Control': caching };
  const unchanged = notModified(context.req.header('If-None-Match'), new Headers(cacheHeaders));
  if (unchanged) return unchanged;
  const body = context.req.method === 'HEAD' ? null : await open();
  return new Response(body, { headers: { ...cacheHeaders, 'Content-Type': mediaTypes[0], ...headers } });
}
