/**
 * @module Sends the copies of large files that the gallery's build compressed. Cloudflare compresses files itself, but faster
 * and less well, and no .onnx: on a phone's slow connection the difference is seconds.
 */

import { env } from 'cloudflare:workers';
import type { MiddlewareHandler } from 'hono';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';

/** The files that are asked for here: `run_worker_first` in cloudflare/wrangler-config.ts. */
const TYPES: readonly [pattern: RegExp, type: string, caching: string][] = [
  [/^\/assets\/.*\.wasm$/, 'application/wasm', PINNED_CACHING],
  [/^\/models\/[^/]+\/generator\.onnx$/, 'application/octet-stream', REVALIDATED_CACHING],
];

/** Where Cloudflare says what the client accepts: in the header it always names br. */
const accepted = (request: Request) =>
  (request as { cf?: { clientAcceptEncoding?: string } }).cf?.clientAcceptEncoding ??
  request.headers.get('Accept-Encoding') ??
  '';

export const compressedCopies: MiddlewareHandler = async ({ req }, next) => {
  const [, type, caching] = TYPES.find(([pattern]) => pattern.test(req.path)) ?? [];
  if (!type || !caching) return next();
  if (/\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(accepted(req.raw))) {
    const { origin } = new URL(req.url);
    const copy = await env.GALLERY.fetch(
      new Request(`${origin}${req.path}.br`, { method: req.method, headers: conditions(req.raw) }),
    );
    if (copy.status === 200 || copy.status === 304) return answer(copy, type, caching);
    await copy.body?.cancel();
  }
  const file = await env.GALLERY.fetch(req.raw);
  // Its headers cannot be changed, but the app adds some.
  return file.status === 404 ? next() : new Response(file.body, file);
};

/** The ETag of a copy is that of its own file. */
function conditions({ headers }: Request): Record<string, string> {
  const tag = headers.get('If-None-Match');
  return tag === null ? {} : { 'If-None-Match': tag };
}

function answer(copy: Response, type: string, caching: string): Response {
  const headers = new Headers({ 'Cache-Control': caching, Vary: 'Accept-Encoding' });
  const tag = copy.headers.get('ETag');
  if (tag) headers.set('ETag', tag);
  if (copy.status === 304) return new Response(null, { status: 304, headers });
  headers.set('Content-Type', type);
  headers.set('Content-Encoding', 'br');
  const length = copy.headers.get('Content-Length');
  if (length) headers.set('Content-Length', length);
  return new Response(copy.body, { headers, encodeBody: 'manual' } as ResponseInit);
}
