/** @module The format of a picture's answer. */

import { negotiate } from '../http/accepts.ts';
import type { PictureQuery } from '../parameters/queries.ts';

/** The first is sent. An animated PNG is a PNG, too. */
const MEDIA_TYPES = {
  avif: ['image/avif'],
  webp: ['image/webp'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  json: ['application/json'],
  apng: ['image/apng', 'image/png'],
  strip: ['image/png'],
} as const;

/** What `format=auto` chooses from, the smallest files first. */
const { avif, webp, jpeg, png, apng } = MEDIA_TYPES;
const STILL = { avif, webp, jpeg, png };
const ANIMATED = { webp, apng };

/** A query whose format is chosen. */
export type Settled<Query extends PictureQuery> = Query extends unknown
  ? Query & { readonly format: Exclude<Query['format'], 'auto'> }
  : never;

/** Chooses the format where `format=auto` leaves it to the request's `Accept`: without a word in it JPEG, or an animated PNG. */
export function settleFormat<Query extends PictureQuery>(query: Query, accept: string | undefined): Settled<Query> {
  if (query.format !== 'auto') return query as Settled<Query>;
  const format = 'frames' in query ? negotiate(accept, ANIMATED, 'apng') : negotiate(accept, STILL, 'jpeg');
  return { ...query, format } as Settled<Query>;
}

/** Media types of an answer; the first is sent. */
export const mediaTypesOf = (query: Settled<PictureQuery>): readonly [string, ...string[]] =>
  'archive' in query ? ['application/zip'] : MEDIA_TYPES[query.format];

/** The end of a file's name. */
export function extensionOf(format: keyof typeof MEDIA_TYPES | 'zip'): string {
  if (format === 'jpeg') return 'jpg';
  return format === 'strip' ? 'png' : format;
}
