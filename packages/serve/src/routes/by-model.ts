/** @module Answers each request with the model that it names. */

import type { Context, Handler } from 'hono';
import { Problem } from '../http/problem.ts';
import { findModel } from '../parameters/model-choice.ts';
import { MODEL_NAME } from '../parameters/text-parameters.ts';
import type { ServedModel } from '../server-parts.ts';

/**
 * A route that exists for each model. Without `model` the first one answers.
 *
 * @param make the route of one model
 * @throws Problem (404) naming the served models, if the request names another one
 */
export function byModel(models: readonly ServedModel[], make: (model: ServedModel) => Handler): Handler {
  const routes = new Map(models.map((model) => [model, make(model)]));
  return (context, next) => routes.get(chosen(context, models))!(context, next);
}

/** The route itself refuses what cannot be a name, and a name that is given twice. */
function chosen({ req }: Context, models: readonly ServedModel[]): ServedModel {
  const [named, ...more] = new URL(req.url).searchParams.getAll('model');
  if (named === undefined || more.length > 0 || !MODEL_NAME.test(named)) return models[0]!;
  const model = findModel(models, named.toLowerCase());
  if (model) return model;
  const served = models.map(({ generator: { manifest } }) => `${manifest.name} (${manifest.generator.sha256})`);
  throw new Problem(
    'unknown-model',
    `The model ${named} is not served here. Served: ${served.join(', ')}; without "model" ${models.length > 1 ? 'the first' : 'it'} answers.`,
  );
}
