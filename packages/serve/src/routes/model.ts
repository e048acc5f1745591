/** @module GET /model and /model/generator.onnx: the model's description and file. */

import type { Handler } from 'hono';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';
import { entityTag } from '../http/entity-tag.ts';
import type { PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { ServerParts } from '../server-parts.ts';
import { answerFixed } from './answer-fixed.ts';
import { requireServedModel } from './require-served-model.ts';

export function modelRoute({ generator }: ServerParts): Handler {
  const document = JSON.stringify(generator.manifest);
  return async (context) =>
    answerFixed(context, { tag: entityTag(document), mediaTypes: ['application/json'] }, () => document);
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
    const description = {
      tag: `"${file.sha256}"`,
      mediaTypes: ['application/octet-stream'] as const,
      caching,
      headers,
    };
    return answerFixed(context, description, openModelFile);
  };
}
