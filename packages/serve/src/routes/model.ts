/** @module GET /model and /model/generator.onnx: the model's description and file. */

import type { Handler } from 'hono';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';
import { entityTag } from '../http/entity-tag.ts';
import { namesDigest } from '../parameters/model-choice.ts';
import type { PictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import type { ServedModel } from '../server-parts.ts';
import { answerFixed } from './answer-fixed.ts';

export function modelRoute({ generator }: ServedModel, schema: PictureQueries['model']): Handler {
  const document = JSON.stringify(generator.manifest);
  return async (context) => {
    readQuery(schema, context.req.url);
    return answerFixed(context, { tag: entityTag(document), mediaTypes: ['application/json'] }, () => document);
  };
}

export function modelFileRoute({ generator, openModelFile }: ServedModel, schema: PictureQueries['model']): Handler {
  const { manifest } = generator;
  const { name, generator: file } = manifest;
  const headers = {
    'Content-Length': String(file.bytes),
    'Content-Disposition': `attachment; filename="${name}.onnx"`,
  };
  return (context) => {
    const { model } = readQuery(schema, context.req.url);
    const caching = namesDigest(model, manifest) ? PINNED_CACHING : REVALIDATED_CACHING;
    const description = {
      tag: `"${file.sha256}"`,
      mediaTypes: ['application/octet-stream'] as const,
      caching,
      headers,
    };
    return answerFixed(context, description, openModelFile);
  };
}
