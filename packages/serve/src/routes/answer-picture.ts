/** @module Answers picture requests: everything that needs no picture is done first. */

import { fileNameOf, labelName, listEntries } from '@latent-dogs/latent';
import type { Context } from 'hono';
import { requireAcceptable } from '../http/accepts.ts';
import { BRIEF_CACHING, PINNED_CACHING } from '../http/caching.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { entityTag, notModified } from '../http/entity-tag.ts';
import { Problem } from '../http/problem.ts';
import { ServerTiming } from '../http/server-timing.ts';
import { namesDigest } from '../parameters/model-choice.ts';
import { MODEL_DIGITS, type PictureQuery } from '../parameters/queries.ts';
import { canonicalQuery, type QuerySchema } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { pictureCost } from '../work/cost.ts';
import { IMMEDIATE_WORK, type Work } from '../work/work.ts';
import { extensionOf, mediaTypesOf, type Settled, settleFormat } from './picture-format.ts';

/** Part of every entity tag: increase it when the same parameters give different bytes. */
const RENDERING = 2;

/**
 * Answers 304 and HEAD without a picture, then from the cache, and only then makes one.
 *
 * @param schema of the route's query
 * @param asked the query, validated by `schema`
 * @param make does the work for the query, whose format is then chosen, and resolves with the body of the answer
 * @throws Problem 406, 429 or 503
 */
export async function answerPicture<Query extends PictureQuery>(
  context: Context,
  { generator, runtime, cache, beginWork }: ServerParts,
  schema: QuerySchema<PictureQuery>,
  asked: Query,
  make: (query: Settled<Query>, work: Work, timing: ServerTiming) => Promise<Uint8Array<ArrayBuffer> | string>,
): Promise<Response> {
  const accept = context.req.header('Accept');
  const query = settleFormat(asked, accept);
  const mediaTypes = mediaTypesOf(query);
  const [mediaType] = mediaTypes;
  requireAcceptable(accept, mediaTypes, ' Other formats have their own URLs: see "format".');

  const { name, generator: file } = generator.manifest;

  // Together with the model's digest and the runtime, the path and the canonical query determine every byte of the
  // answer. Runtimes differ in the last digit of a sum, so that a channel may differ by 1 of 255.
  const address = `${context.req.path}?${canonicalQuery(schema, { ...query, download: undefined, model: undefined })}`;
  const tag = entityTag(`${RENDERING} ${runtime} ${file.sha256} ${address}`);
  const headers = new Headers({
    'Cache-Control': namesDigest(query.model, generator.manifest) ? PINNED_CACHING : BRIEF_CACHING,
    'Content-Location': `${address}&model=${file.sha256.slice(0, MODEL_DIGITS)}`,
    ETag: tag,
    'Model-Name': name,
    'Model-SHA256': file.sha256,
    ...(asked.format === 'auto' && { Vary: 'Accept' }),
  });
  const unchanged = notModified(context.req.header('If-None-Match'), headers);
  if (unchanged) return unchanged;

  headers.set('Content-Type', mediaType);
  headers.set('Content-Disposition', disposition(query, new URL(context.req.url).searchParams));
  if (context.req.method === 'HEAD') return new Response(null, { headers });

  // The tag instead of the address, which can be very long.
  const key = new URL(`/pictures/${tag.slice(1, -1)}`, context.req.url).href;
  const cached = await cache?.match(key);
  if (cached) {
    headers.set('Server-Timing', 'cache;desc=hit');
    return new Response(cached.body, { headers });
  }

  const work = (await beginWork?.(context, pictureCost(query))) ?? IMMEDIATE_WORK;
  const timing = new ServerTiming();
  let body: Uint8Array<ArrayBuffer> | string;
  try {
    await timing.measure('init', () => whenReady(generator));
    body = await make(query, work, timing);
  } finally {
    work.end();
  }
  // What the key names never changes, whatever this URL promises.
  cache?.put(key, new Response(body, { headers: { 'Cache-Control': PINNED_CACHING, 'Content-Type': mediaType } }));
  headers.set('Server-Timing', timing.header);
  return new Response(body, { headers });
}

/**
 * "dog-luna.png", "dog-Anna_Ben_3.png" for a puppy, "dog-luna-rex.apng" for an interpolation, "dogs-36.png" for a grid of 36.
 * For clients that read only ASCII, numbers stand for the texts, and names of puppies have only their ASCII.
 *
 * @param asked the query as the client wrote it, with the texts of the dogs
 */
function disposition(query: Settled<PictureQuery>, asked: URLSearchParams): string {
  const values: Readonly<Record<string, unknown>> = query;
  const named = ['seed', 'from', 'to', 'dogs'].filter((name) => name in values);
  const fileOf = (labels: readonly string[]) =>
    'seeds' in query ? `dogs-${query.seeds.length}` : fileNameOf(labels.map(labelName));
  const extension = extensionOf('archive' in query ? query.archive : query.format);
  const written = named.flatMap((name) => {
    const text = asked.get(name)!.normalize('NFC');
    return name === 'dogs' ? [...listEntries(text)] : [text];
  });
  const plain = named.flatMap((name) => [values[name]].flat().map(String));
  return contentDisposition(
    query.download === '1' ? 'attachment' : 'inline',
    `${fileOf(written)}.${extension}`,
    `${fileOf(plain).replaceAll(/[^\w-]+/g, '')}.${extension}`,
  );
}

/** @throws Problem (503) if the model cannot be loaded */
export async function whenReady(generator: ServerParts['generator']): Promise<void> {
  try {
    await generator.ready();
  } catch (error) {
    console.error(error);
    throw new Problem('model-unavailable', 'The model could not be loaded: try again in a few seconds.', {
      headers: { 'Retry-After': '5' },
    });
  }
}
