/** @module How a picture is answered: everything that can be said without making it comes first. */

import type { Context } from 'hono';
import { requireAcceptable } from '../http/accepts.ts';
import { entityTag, namesTag } from '../http/entity-tag.ts';
import { Problem } from '../http/problem.ts';
import { ServerTiming } from '../http/server-timing.ts';
import type { ServerParts } from '../server-parts.ts';

/** Part of every entity tag: raise it when the same parameters come to give other bytes. */
const RENDERING = 1;

const MEDIA_TYPES = {
  png: 'image/png',
  webp: 'image/webp',
  json: 'application/json',
  apng: 'image/apng',
  strip: 'image/png',
} as const;

interface PictureRequest {
  readonly format: keyof typeof MEDIA_TYPES;
  /** Path and canonical query: with the model's digest it decides every byte of the answer. */
  readonly address: string;
  /** Without its extension. */
  readonly fileName: string;
  readonly make: (timing: ServerTiming) => Promise<Uint8Array<ArrayBuffer> | string>;
}

/**
 * Answers 304 and HEAD without a picture, then from the cache, and makes one only then.
 *
 * @throws Problem 406, 429 or 503
 */
export async function answerPicture(
  context: Context,
  { generator, cache, allow }: ServerParts,
  { format, address, fileName, make }: PictureRequest,
): Promise<Response> {
  const mediaType = MEDIA_TYPES[format];
  requireAcceptable(context.req.header('Accept'), mediaType, ' Other formats have URLs of their own: see "format".');

  const { sha256 } = generator.manifest.generator;
  const tag = await entityTag(`${RENDERING} ${sha256} ${address}`);
  const headers = new Headers({ 'Cache-Control': 'public, max-age=31536000, immutable', ETag: tag });
  if (namesTag(context.req.header('If-None-Match'), tag)) return new Response(null, { status: 304, headers });

  headers.set('Content-Type', mediaType);
  const extension = format === 'strip' ? 'png' : format;
  headers.set('Content-Disposition', `inline; filename="${fileName}.${extension}"`);
  if (context.req.method === 'HEAD') return new Response(null, { headers });

  // The tag stands in for the address, which can be as long as the longest URL.
  const key = new URL(`/pictures/${tag.slice(1, -1)}`, context.req.url).href;
  const cached = await cache?.match(key);
  if (cached) {
    headers.set('Server-Timing', 'cache;desc=hit');
    return new Response(cached.body, { headers });
  }

  if (allow && !(await allow(context.req.raw))) {
    throw new Problem('too-many-requests', 'You ask for many new pictures: wait a minute and ask again.', {
      headers: { 'Retry-After': '60' },
    });
  }
  const timing = new ServerTiming();
  await timing.measure('init', () => whenReady(generator));
  const body = await make(timing);
  cache?.put(key, new Response(body, { headers }));
  headers.set('Server-Timing', timing.header);
  return new Response(body, { headers });
}

/** @throws Problem (503) where the model cannot be loaded now */
export async function whenReady(generator: ServerParts['generator']): Promise<void> {
  try {
    await generator.ready();
  } catch (error) {
    console.error(error);
    throw new Problem('model-unavailable', 'The model could not be loaded: ask again in a few seconds.', {
      headers: { 'Retry-After': '5' },
    });
  }
}
