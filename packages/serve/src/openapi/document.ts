/** @module The OpenAPI 3.1 document, generated from the validation schemas. */

import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { PROBLEMS, type ProblemKind } from '../http/problem.ts';
import type { PictureQueries } from '../parameters/queries.ts';
import type { QuerySchema } from '../parameters/read-query.ts';
import { dogDocument } from '../routes/dog.ts';

const problemDocument = v.object({
  type: v.pipe(v.string(), v.description('Kind of problem; this address explains it')),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.pipe(v.string(), v.description('What is wrong and what is legal')),
  errors: v.optional(v.array(v.object({ parameter: v.string(), detail: v.string(), legal: v.string() }))),
});

type JsonSchema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { schema?: JsonSchema }>>;

export interface Parameter {
  name: string;
  in: 'query';
  required: boolean;
  description: string;
  schema: JsonSchema;
}

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  parameters?: Parameter[];
  responses: Record<string, { description: string; content?: Content; headers?: Record<string, object> }>;
}

/** The part of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0) that this API uses. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; license: object };
  servers: { url: string }[];
  paths: Record<string, { get: Operation }>;
  components: { schemas: Record<string, JsonSchema> };
}

const IMAGE = {};

/** @param queries schemas of the picture routes @param modelName the served model */
export function openApiDocument(queries: PictureQueries, modelName: string): OpenApiDocument {
  const dog = { 'application/json': { schema: { $ref: '#/components/schemas/Dog' } } };
  return {
    openapi: '3.1.0',
    info: {
      title: 'latent-dogs',
      version: '1.0.0',
      description: `Dogs that don't exist, by seed. The same parameters always give the same bytes. Model: ${modelName}.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: {
      '/generate': picture('generate', 'The dog of a seed', queries.generate, {
        content: { 'image/png': IMAGE, 'image/webp': IMAGE, ...dog },
        more: {
          '302': {
            description: 'Without a seed: redirect to a random one',
            headers: { Location: { schema: { type: 'string', format: 'uri-reference' } } },
          },
        },
      }),
      '/interpolate': picture('interpolate', 'A point or the whole path between two dogs', queries.interpolate, {
        description:
          'Without frames the picture at t; with frames, or format=apng or strip, the whole path: at most ' +
          '1,048,576 pixels as a strip and 4,194,304 as an animation.',
        content: { 'image/png': IMAGE, 'image/webp': IMAGE, 'image/apng': IMAGE, ...dog },
      }),
      '/grid': picture('grid', 'A grid of dogs', queries.grid, {
        description: 'At most 1,048,576 pixels.',
        content: { 'image/png': IMAGE, 'image/webp': IMAGE },
      }),
      '/model': plain('model', 'Description and origin of the model (model.json)', {
        'application/json': { schema: { type: 'object' } },
      }),
      '/model/generator.onnx': plain('modelFile', 'The model in ONNX format', { 'application/octet-stream': {} }),
      '/openapi.json': plain('openapi', 'This document', { 'application/json': { schema: { type: 'object' } } }),
      '/docs': plain('docs', 'This document as an HTML page', { 'text/html': {} }),
      '/healthz': plain(
        'healthz',
        'Whether the model is loaded',
        { 'application/json': { schema: { $ref: '#/components/schemas/Health' } } },
        problems('model-unavailable'),
      ),
    },
    components: {
      schemas: {
        Dog: jsonSchema(dogDocument),
        Health: jsonSchema(v.object({ status: v.literal('ok'), model: v.string(), sha256: v.string() })),
        Problem: jsonSchema(problemDocument),
      },
    },
  };
}

function picture(
  operationId: string,
  summary: string,
  query: QuerySchema<unknown>,
  { content, description, more = {} }: { content: Content; description?: string; more?: Operation['responses'] },
): { get: Operation } {
  return {
    get: {
      operationId,
      summary,
      ...(description !== undefined && { description }),
      parameters: Object.entries(query.entries).map(([name, schema]) => parameter(name, schema)),
      responses: {
        '200': {
          description: summary,
          content,
          headers: {
            ETag: { description: 'Identifies these bytes, for If-None-Match', schema: { type: 'string' } },
            'Server-Timing': {
              description: 'Milliseconds spent in init, inference and encode',
              schema: { type: 'string' },
            },
          },
        },
        ...more,
        '304': { description: 'Not modified' },
        ...problems(
          'invalid-parameter',
          'not-acceptable',
          'uri-too-long',
          'too-many-requests',
          'internal-error',
          'model-unavailable',
        ),
      },
    },
  };
}

function plain(operationId: string, summary: string, content: Content, more: Operation['responses'] = {}) {
  return { get: { operationId, summary, responses: { '200': { description: summary, content }, ...more } } };
}

/** A query parameter; its default is converted from text to its type. */
function parameter(name: string, schema: v.GenericSchema): Parameter {
  const { description, legal, default: fallback, ...rest } = jsonSchema(schema);
  const isNumber = rest.type === 'integer' || rest.type === 'number';
  return {
    name,
    in: 'query',
    required: schema.type !== 'optional',
    description: String(description),
    schema: { ...rest, ...(fallback !== undefined && { default: isNumber ? Number(fallback) : fallback }) },
  };
}

function jsonSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema, ...rest } = toJsonSchema(schema, { typeMode: 'output', errorMode: 'ignore' });
  return rest;
}

function problems(...kinds: ProblemKind[]): Operation['responses'] {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    kinds.map((kind) => [PROBLEMS[kind].status, { description: PROBLEMS[kind].title, content }]),
  );
}
