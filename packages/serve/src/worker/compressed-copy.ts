/**
 * @module Sends the copies of large files that the gallery's build compressed. Cloudflare compresses files itself, but faster
 * and less well, and no .onnx: on a phone's slow connection the difference is seconds.
 */

import { env } from 'cloudflare:workers';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';

/** The large files. */
const TYPES: readonly [pattern: RegExp, type: string, caching: string][] = [
  [/^\/assets\/.*\.wasm$/, 'application/wasm', PINNED_CACHING],
  [/^\/models\/[^/]+\/generator\.onnx$/, 'application/octet-stream', REVALIDATED_CACHING],
];

/** Where Cloudflare says what the client accepts: in the header it always names br. */
const accepted = (request: Request) =>
  (request as { cf?: { clientAcceptEncoding?: string } }).cf?.clientAcceptEncoding ??
  request.headers.get('Accept-Encoding') ??
  '';

/** Null: the file is not large, the client does not accept its copy, or there is none. */
export async function compressedCopy(request: Request): Promise<Response | null> {
  const { origin, pathname } = new URL(request.url);
  const [, type, caching] = TYPES.find(([pattern]) => pattern.test(pathname)) ?? [];
  if (!type || !caching || !/\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(accepted(request))) return null;
  const copy = await env.ASSETS.fetch(
    new Request(`${origin}${pathname}.br`, { method: request.method, headers: conditions(request) }),
  );
  if (copy.status === 200 || copy.status === 304) return answer(copy, type, caching);
  await copy.body?.cancel();
  return null;
}

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
  // wrangler's development server compresses WebAssembly again, as gzip, and larger, but leaves this type alone. The page needs
  // no type: it checks the bytes and gives them to ONNX Runtime itself.
  headers.set('Content-Type', env.LOCAL ? 'application/octet-stream' : type);
  headers.set('Content-Encoding', 'br');
  const length = copy.headers.get('Content-Length');
  if (length) headers.set('Content-Length', length);
  return new Response(copy.body, { headers, encodeBody: 'manual' } as ResponseInit);
}
