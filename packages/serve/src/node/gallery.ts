/** @module Serves the built gallery from disk. */

import { createReadStream, existsSync, type Stats } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Context, MiddlewareHandler } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import Negotiator from 'negotiator';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';
import { notModified } from '../http/entity-tag.ts';

/** Path prefix of files whose names contain a hash of their contents. */
export const HASHED_FILES = '/assets/';

/** Compressed copies that the build makes, by coding; the first is preferred. */
const COPIES = { br: '.br', gzip: '.gz' } as const;
type Coding = keyof typeof COPIES;

/** Suffixes of those copies. */
export const COPY = /\.(br|gz)$/;

interface File {
  readonly path: string;
  readonly stats: Stats;
}

/** Undefined if the gallery has not been built. */
export function serveGallery(folder: string): MiddlewareHandler | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  return async (context, next) => {
    const file = await find(folder, context.req.path);
    if (!file) return next();
    return answer(context, file, await cachingOf(folder, context));
  };
}

/** The file at the path of a URL, unless it is hidden, outside the folder or one of the compressed copies. */
async function find(folder: string, urlPath: string): Promise<File | undefined> {
  const name = decode(urlPath === '/' ? '/index.html' : urlPath);
  if (name === undefined || COPY.test(name) || !/^(\/[^./\\\0][^/\\\0]*)+$/.test(name)) return undefined;
  const file = await regularFile(join(folder, name));
  return file?.path.startsWith((await realpath(folder)) + sep) ? file : undefined;
}

function decode(urlPath: string): string | undefined {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
}

/** A file and its path without symbolic links; undefined if there is none that can be read. */
async function regularFile(path: string): Promise<File | undefined> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    return stats.isFile() ? { path: real, stats } : undefined;
  } catch {
    return undefined;
  }
}

/** A model's file may be kept if the URL names its digest, as the gallery does (web/src/engine/catalogue.ts). */
async function cachingOf(folder: string, { req }: Context): Promise<string> {
  if (req.path.startsWith(HASHED_FILES)) return PINNED_CACHING;
  const [, model, file] = /^\/models\/([^/]+)\/([^/]+)$/.exec(req.path) ?? [];
  const digits = req.query('v');
  if (!file || !digits || digits.length < 8) return REVALIDATED_CACHING;
  const manifest = await readFile(join(folder, 'models', model!, 'model.json'), 'utf8').then(JSON.parse, () => null);
  const isPinned = manifest?.generator?.file === file && String(manifest.generator.sha256).startsWith(digits);
  return isPinned ? PINNED_CACHING : REVALIDATED_CACHING;
}

async function answer(context: Context, original: File, caching: string): Promise<Response> {
  const copies: { coding: Coding; file: File }[] = [];
  for (const coding of Object.keys(COPIES) as Coding[]) {
    const file = await regularFile(original.path + COPIES[coding]);
    if (file) copies.push({ coding, file });
  }
  const accepted = preferredCoding(
    context.req.header('Accept-Encoding'),
    copies.map(({ coding }) => coding),
  );
  const copy = copies.find(({ coding }) => coding === accepted);
  const { path, stats } = copy?.file ?? original;
  const headers = new Headers({
    'Cache-Control': caching,
    'Content-Type': getMimeType(original.path) ?? 'application/octet-stream',
    ETag: `W/"${stats.size.toString(16)}-${Math.round(stats.mtimeMs).toString(16)}"`,
    'Last-Modified': stats.mtime.toUTCString(),
    ...(copies.length > 0 && { Vary: 'Accept-Encoding' }),
  });
  const unchanged = notModified(context.req.header('If-None-Match'), headers) ?? notModifiedSince(context, headers);
  if (unchanged) return unchanged;
  headers.set('Content-Length', String(stats.size));
  if (copy) headers.set('Content-Encoding', copy.coding);
  if (context.req.method === 'HEAD') return new Response(null, { headers });
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, { headers });
}

/** The coding that the client prefers; the first of several equal ones, undefined for none. */
function preferredCoding(header: string | undefined, available: readonly Coding[]): string | undefined {
  if (!header || available.length === 0) return undefined;
  const codings = new Negotiator({ headers: { 'accept-encoding': header } }).encodings([...available, 'identity']);
  const best = available.find((coding) => codings.includes(coding));
  // An explicit order of the client, such as "gzip, br;q=0.5", is in `codings`; equal ones keep the order of the header.
  return best === codings[0] || !header.includes('q=') ? best : codings[0];
}

/** RFC 9110, section 13.1.3: only without If-None-Match. */
function notModifiedSince(context: Context, headers: Headers): Response | undefined {
  const since = Date.parse(context.req.header('If-Modified-Since') ?? '');
  const asked = context.req.header('If-None-Match') === undefined;
  if (!asked || !(Date.parse(headers.get('Last-Modified')!) <= since)) return undefined;
  return new Response(null, { status: 304, headers });
}
