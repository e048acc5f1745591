/** @module GET /models: the models that are served. */

import type { Handler } from 'hono';
import * as v from 'valibot';
import { entityTag } from '../http/entity-tag.ts';
import type { ServedModel } from '../server-parts.ts';
import { answerFixed } from './answer-fixed.ts';

const count = v.pipe(v.number(), v.integer());

/** The answer; the first model is the one that answers without `model`. */
export const modelsDocument = v.object({
  models: v.array(
    v.object({
      /** For `model`, as are the first 8 to 64 digits of the digest. */
      name: v.string(),
      sha256: v.string(),
      /** Width and height of its pictures, pixels. */
      size: count,
      /** Size of the ONNX file. */
      bytes: count,
      /** Names of the directions for `dials`, in their order; null for one without a name. */
      directions: v.array(v.nullable(v.string())),
    }),
  ),
});

export function modelsRoute(models: readonly ServedModel[]): Handler {
  const document = JSON.stringify({
    models: models.map(({ generator: { manifest } }) => ({
      name: manifest.name,
      sha256: manifest.generator.sha256,
      size: manifest.size,
      bytes: manifest.generator.bytes,
      directions: manifest.directions.map(({ name }) => name),
    })),
  } satisfies v.InferOutput<typeof modelsDocument>);
  return async (context) =>
    answerFixed(context, { tag: entityTag(document), mediaTypes: ['application/json'] }, () => document);
}
