/** @module GET /model and /model/generator.onnx: the model's description and file. */

import type { Context, Handler } from 'hono';
import { requireAcceptable } from '../http/accepts.ts';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';
import { entityTag, notModified } from '../http/entity-tag.ts';
import type { PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { requireServedModel } from './require-served-model.ts';

export function modelRoute({ generator }: ServerParts): Handler {
  const document = JSON.stringify(generator.manifest);
  return async (context) =>
    answer(context, { tag: await entityTag(document), mediaType: 'application/json' }, () => document);
}

export function modelFileRoute(
  { generator, openModelFile }: ServerParts,
  schema: PictureQueries['modelFile'],
): Handler {
  const { manifest } = generator;
  const { name, generator: file } = manifest;
  const headers = {
    'Content-Length': String(file.bytes),
    'Content-Disposition': `attachment; filename="${name}.onnx"`,
  };
  return (context) => {
    const { model } = readQuery(schema, context.req.url);
    requireServedModel(model, manifest);
    const caching = model === undefined ? REVALIDATED_CACHING : PINNED_CACHING;
    const description = { tag: `"${file.sha256}"`, mediaType: 'application/octet-stream', caching, headers };
    return answer(context, description, openModelFile);
  };
}

async function answer(
  context: Context,
  {
    tag,
    mediaType,
    caching = REVALIDATED_CACHING,
    headers = {},
  }: { tag: string; mediaType: string; caching?: string; headers?: Record<string, string> },
  open: () => BodyInit | Promise<BodyInit>,
): Promise<Response> {
  requireAcceptable(context.req.header('Accept'), [mediaType]);
  const cacheHeaders = { ETag: tag, 'Cache-Control': caching };
  const unchanged = notModified(context.req.header('If-None-Match'), new Headers(cacheHeaders));
  if (unchanged) return unchanged;
  const body = context.req.method === 'HEAD' ? null : await open();
  return new Response(body, { headers: { ...cacheHeaders, 'Content-Type': mediaType, ...headers } });
}
