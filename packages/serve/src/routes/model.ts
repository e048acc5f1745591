/** @module GET /model and /model/generator.onnx: the model's description and file. */

import type { Context, Handler } from 'hono';
import { requireAcceptable } from '../http/accepts.ts';
import { entityTag, notModified } from '../http/entity-tag.ts';
import type { ServerParts } from '../server-parts.ts';

export function modelRoute({ generator }: ServerParts): Handler {
  const document = JSON.stringify(generator.manifest);
  return async (context) =>
    answer(context, { tag: await entityTag(document), mediaType: 'application/json' }, () => document);
}

export function modelFileRoute({ generator, openModelFile }: ServerParts): Handler {
  const { name, generator: file } = generator.manifest;
  const headers = {
    'Content-Length': String(file.bytes),
    'Content-Disposition': `attachment; filename="${name}.onnx"`,
  };
  return (context) =>
    answer(context, { tag: `"${file.sha256}"`, mediaType: 'application/octet-stream', headers }, openModelFile);
}

/** The URL stays the same for a new model, so caches must revalidate; the answer is usually 304. */
async function answer(
  context: Context,
  { tag, mediaType, headers = {} }: { tag: string; mediaType: string; headers?: Record<string, string> },
  open: () => BodyInit | Promise<BodyInit>,
): Promise<Response> {
  requireAcceptable(context.req.header('Accept'), mediaType);
  const cacheHeaders = { ETag: tag, 'Cache-Control': 'public, no-cache' };
  const unchanged = notModified(context.req.header('If-None-Match'), new Headers(cacheHeaders));
  if (unchanged) return unchanged;
  const body = context.req.method === 'HEAD' ? null : await open();
  return new Response(body, { headers: { ...cacheHeaders, 'Content-Type': mediaType, ...headers } });
}
