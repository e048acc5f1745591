/** @module The OpenAPI 3.1 document, generated from the validation schemas. */

import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { PROBLEMS, type ProblemKind } from '../http/problem.ts';
import type { PictureQueries } from '../parameters/queries.ts';
import type { QuerySchema } from '../parameters/read-query.ts';
import { dogDocument } from '../routes/dog.ts';
import { spritesDocument } from '../routes/grid-json.ts';
import { modelsDocument } from '../routes/models.ts';

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
  in: 'query' | 'path';
  required: boolean;
  description: string;
  schema: JsonSchema;
}

interface Header {
  description: string;
  schema: JsonSchema;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  responses: Record<string, { description: string; content?: Content; headers?: Record<string, Header> }>;
}

/** The part of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0) that this API uses. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; contact: object; license: object };
  servers: { url: string }[];
  /** No operation needs credentials. */
  security: [];
  tags: { name: string; description: string }[];
  paths: Record<(typeof API_PATHS)[number], { get: Operation }>;
  components: { schemas: Record<string, JsonSchema> };
}

/** OpenAPI 3.1 needs no schema here, but generators of clients know bytes by this one. */
const BYTES = { schema: { type: 'string', format: 'binary' } };
const PICTURES = { 'image/png': BYTES, 'image/webp': BYTES, 'image/jpeg': BYTES, 'image/avif': BYTES };
const HTML = { schema: { type: 'string' } };

const text = (description: string): Header => ({ description, schema: { type: 'string' } });

const CACHE_HEADERS = {
  ETag: text('Identifies these bytes, for If-None-Match'),
  'Cache-Control': text('A year if the URL names the model, else 5 minutes'),
};

const PICTURE_HEADERS = {
  ...CACHE_HEADERS,
  'Content-Disposition': text('A name for a file'),
  'Content-Location': text('The URL of these bytes that names the model'),
  'Model-Name': text('The model that made the picture'),
  'Model-SHA256': text('SHA-256 of the ONNX file of that model'),
  'Server-Timing': text('Milliseconds spent in init, inference and encode'),
};

const RETRY = { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } };

const REDIRECT = {
  '302': {
    description: 'Without a seed: redirect to a random one',
    headers: { Location: { description: 'The URL with a seed', schema: { type: 'string', format: 'uri-reference' } } },
  },
};

/** The paths of the document. */
export const API_PATHS = [
  '/generate',
  '/generate.json',
  '/generate.zip',
  '/interpolate',
  '/interpolate.json',
  '/mix',
  '/mix.json',
  '/grid',
  '/grid.json',
  '/s/{dogs}',
  '/models',
  '/model',
  '/model/generator.onnx',
  '/openapi.json',
  '/docs',
  '/healthz',
  '/readyz',
] as const;

/**
 * @param queries schemas of the picture routes for the first model
 * @param models names of the served models
 */
export function openApiDocument(queries: PictureQueries, models: readonly string[]): OpenApiDocument {
  const dog = { 'application/json': { schema: { $ref: '#/components/schemas/Dog' } } };
  return {
    openapi: '3.1.0',
    info: {
      title: 'latent-dogs',
      version: '1.0.0',
      description: `Dogs that don't exist, by seed. Where a seed may be named, a puppy of two dogs may be, too, by the label that the gallery gives it: (Anna*Ben)3. One server gives the same bytes for the same parameters; with another model, or on another runtime, they differ. Models: ${models.join(', ')}; the first answers unless "model" names another, whose default size and dials may differ.`,
      contact: { name: 'latent-dogs' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [
      { name: 'pictures', description: 'Dogs by seed' },
      { name: 'model', description: 'The models that make them' },
      { name: 'service', description: 'The server itself' },
    ],
    paths: {
      '/generate': picture('generate', 'The dog of a seed', queries.generate, {
        description:
          'As JSON, with its z, it is at /generate.json. Without a seed: a redirect to a random dog. ' +
          'Also by a path, with the other parameters as here: /generate/luna.png, and .webp, .jpg, .avif, .json.',
        content: PICTURES,
        more: REDIRECT,
      }),
      '/generate.json': picture('generateJson', 'The dog of a seed, as JSON with its z', queries.generateJson, {
        description: 'Without a seed: a redirect to a random dog.',
        content: dog,
        more: REDIRECT,
      }),
      '/generate.zip': picture('generateZip', 'The dogs of several seeds, as a ZIP', queries.generateZip, {
        description:
          'A file for each seed, such as dog-luna.png, and dogs.json, which says model, truncation and dogs. At most 4,194,304 pixels in all.',
        content: { 'application/zip': BYTES },
      }),
      '/interpolate': picture('interpolate', 'A point or the whole path between two dogs', queries.interpolate, {
        description:
          'Without frames the picture at t (as JSON at /interpolate.json); with frames, or format=apng or strip, the ' +
          'whole path, animated as PNG or WebP or as a strip: at most 1,048,576 pixels as a strip and 4,194,304 as an animation.',
        content: { ...PICTURES, 'image/apng': BYTES },
      }),
      '/interpolate.json': picture(
        'interpolateJson',
        'A point between two dogs, as JSON with its z',
        queries.interpolateJson,
        { description: 'The picture at t.', content: dog },
      ),
      '/mix': picture('mix', 'A place between up to four dogs', queries.mix, {
        description:
          'The dogs are the corners of a square, as in the gallery: spherical interpolation along x, then along y. As JSON at /mix.json.',
        content: PICTURES,
      }),
      '/mix.json': picture('mixJson', 'A place between up to four dogs, as JSON with its z', queries.mixJson, {
        description: 'The picture at x and y.',
        content: dog,
      }),
      '/grid': picture('grid', 'A grid of dogs', queries.grid, {
        description: 'Row by row, as square as possible, at most 1,048,576 pixels.',
        content: PICTURES,
      }),
      '/grid.json': picture('gridJson', 'Where each dog is in a grid, as JSON', queries.gridJson, {
        description:
          'The picture at "image" is that of /grid: parts of it can be shown as CSS sprites. It costs nothing.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Sprites' } } },
      }),
      '/s/{dogs}': {
        get: {
          operationId: 'share',
          tags: ['pictures'],
          summary: 'A link to dogs in the gallery, with a preview for sites that show one',
          description:
            'An HTML page with Open Graph and Twitter tags and a picture of the dogs; it leads on to the gallery. Queries are those of the gallery, such as mix, dials, psi and at.',
          parameters: [
            {
              name: 'dogs',
              in: 'path',
              required: true,
              description: '1 to 12 seeds or puppies, separated by commas; a comma within one is %2C',
              schema: { type: 'string', examples: ['luna,42'] },
            },
          ],
          responses: {
            '200': { description: 'The page', content: { 'text/html': HTML }, headers: CACHE_HEADERS },
            '304': { description: 'Not modified' },
            ...problems('invalid-parameter', 'not-acceptable', 'uri-too-long', 'internal-error'),
          },
        },
      },
      '/models': fixed('models', 'model', 'The models that are served', {
        description: 'The first answers requests without "model".',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Models' } } },
      }),
      '/model': fixed('model', 'model', 'The description of a model', {
        description: 'Its model.json: the shape of its input and outputs, its digest, training, and figures.',
        content: { 'application/json': { schema: { type: 'object' } } },
        query: queries.model,
        more: problems('invalid-parameter', 'unknown-model'),
      }),
      '/model/generator.onnx': fixed('modelFile', 'model', 'A model in ONNX format', {
        description: 'Runs on any ONNX Runtime; /model describes input and outputs.',
        content: { 'application/octet-stream': BYTES },
        query: queries.model,
        headers: { 'Content-Disposition': text('A name for a file') },
        more: problems('invalid-parameter', 'unknown-model'),
      }),
      '/openapi.json': fixed('openapi', 'service', 'This document', {
        description: 'Also as application/vnd.oai.openapi+json.',
        content: { 'application/json': { schema: { type: 'object' } } },
      }),
      '/docs': fixed('docs', 'service', 'This document as an HTML page', {
        description: 'With examples to try and to copy.',
        content: { 'text/html': HTML },
      }),
      '/healthz': health('healthz', 'Whether the model is loaded', 'For checks that restart a server.'),
      '/readyz': health(
        'readyz',
        'Whether the server takes requests',
        'As /healthz, but 503 once the Node server is ending. For checks of load balancers.',
        problems('shutting-down'),
      ),
    },
    components: {
      schemas: {
        Dog: jsonSchema(dogDocument),
        Sprites: jsonSchema(spritesDocument),
        Models: jsonSchema(modelsDocument),
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
  { content, description, more = {} }: { content: Content; description: string; more?: Operation['responses'] },
): { get: Operation } {
  return {
    get: {
      operationId,
      tags: ['pictures'],
      summary,
      description,
      parameters: Object.entries(query.entries).map(([name, schema]) => parameter(name, schema)),
      responses: {
        '200': { description: summary, content, headers: PICTURE_HEADERS },
        ...more,
        '304': { description: 'Not modified' },
        ...problems(
          'invalid-parameter',
          'unknown-model',
          'not-acceptable',
          'uri-too-long',
          'too-many-requests',
          'internal-error',
          'overloaded',
        ),
      },
    },
  };
}

interface FixedParts {
  description: string;
  content: Content;
  query?: PictureQueries['model'];
  headers?: Record<string, Header>;
  more?: Operation['responses'];
}

/** What changes only with the model or the version. */
function fixed(
  operationId: string,
  tag: string,
  summary: string,
  { description, content, query, headers = {}, more = {} }: FixedParts,
): { get: Operation } {
  const responses = {
    '200': { description: summary, content, headers: { ...CACHE_HEADERS, ...headers } },
    '304': { description: 'Not modified' },
    ...problems('not-acceptable', 'uri-too-long', 'internal-error'),
    ...more,
  };
  const parameters = query && Object.entries(query.entries).map(([name, schema]) => parameter(name, schema));
  return { get: { operationId, tags: [tag], summary, description, ...(parameters && { parameters }), responses } };
}

function health(
  operationId: string,
  summary: string,
  description: string,
  more: Operation['responses'] = {},
): { get: Operation } {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Health' } } };
  const headers = { 'Cache-Control': text('no-store') };
  const responses = {
    '200': { description: summary, content, headers },
    ...problems('uri-too-long', 'internal-error', 'model-unavailable'),
    ...more,
  };
  return { get: { operationId, tags: ['service'], summary, description, responses } };
}

/**
 * A query parameter; its default is converted from text to its type. format=json is also legal, but an operation with it
 * would return a picture or an object, which generators of clients cannot express: /generate.json stands for it.
 */
function parameter(name: string, schema: v.GenericSchema): Parameter {
  const { description, legal, default: fallback, ...documented } = jsonSchema(schema);
  const options = documented['enum'] as unknown[] | undefined;
  const rest = options ? { ...documented, enum: options.filter((option) => option !== 'json') } : documented;
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
    kinds.map((kind) => {
      const { status, title } = PROBLEMS[kind];
      return [status, { description: title, content, ...([429, 503].includes(status) && { headers: RETRY }) }];
    }),
  );
}
