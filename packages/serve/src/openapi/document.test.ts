import { validate } from '@readme/openapi-parser';
import { expect, test } from 'vitest';
import { tinyServer } from '../testing/tiny-server.ts';
import { API_PATHS, type OpenApiDocument, type Parameter } from './document.ts';

const { get } = await tinyServer();
const document = (await (await get('/openapi.json')).json()) as OpenApiDocument;

test('is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0');
  const result = await validate(structuredClone(document) as unknown as Parameters<typeof validate>[0]);
  expect(result).toMatchObject({ valid: true, warnings: [] });
});

test('lists exactly the routes that exist', async () => {
  const paths = Object.keys(document.paths);
  expect(paths).toEqual([
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
  ]);
  expect(paths).toEqual(API_PATHS);
  for (const path of paths) expect((await get(path)).status).not.toBe(404);
});

/** Required parameters of each route. */
const REQUIRED: Record<string, string> = {
  '/generate': 'seed=1',
  '/generate.json': 'seed=1',
  '/interpolate': 'from=1&to=2',
  '/interpolate.json': 'from=1&to=2',
  '/mix': 'dogs=1,2',
  '/mix.json': 'dogs=1,2',
  '/generate.zip': 'seeds=1',
  '/grid': 'seeds=1',
  '/grid.json': 'seeds=1',
};

const parameters = Object.entries(document.paths).flatMap(([path, { get: operation }]) =>
  (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => [path, parameter.name, parameter] as const),
);

const ask = async (path: string, { name }: Parameter, value: unknown) => {
  const query = new URLSearchParams(REQUIRED[path]);
  query.set(name, String(value));
  const response = await get(`${path}?${query}`);
  await response.arrayBuffer();
  return response.status;
};

test.each(parameters)('%s accepts exactly the documented values of %s', async (path, name, parameter) => {
  const { type, enum: options, examples, default: fallback } = parameter.schema;
  const { minimum, maximum } = parameter.schema as Record<string, number>;
  const [plainText, puppy] = (parameter.schema['anyOf'] ?? []) as { maxLength: number; pattern?: string }[];
  for (const example of examples as unknown[]) expect(await ask(path, parameter, example)).toBe(200);
  if (fallback !== undefined) expect(await ask(path, parameter, fallback)).toBe(200);
  if (type === 'integer' || type === 'number') {
    const step = type === 'integer' ? 1 : 0.01;
    expect(await ask(path, parameter, minimum)).toBe(200);
    expect(await ask(path, parameter, maximum)).toBe(200);
    expect(await ask(path, parameter, minimum! - step)).toBe(400);
    expect(await ask(path, parameter, maximum! + step)).toBe(400);
  } else if (options) {
    for (const option of options as string[]) expect(await ask(path, parameter, option)).toBe(200);
    expect(await ask(path, parameter, 'other')).toBe(400);
  } else {
    expect(await ask(path, parameter, '')).toBe(400);
    if (plainText && puppy) {
      expect(await ask(path, parameter, 'x'.repeat(plainText.maxLength))).toBe(200);
      expect(await ask(path, parameter, 'x'.repeat(plainText.maxLength + 1))).toBe(400);
      // Parents of parents, 5 characters for each generation.
      let longest = '(xxxxx*y)1';
      while (longest.length < puppy.maxLength) longest = `(${longest}*y)1`;
      expect(longest.length).toBe(puppy.maxLength);
      expect(longest).toMatch(new RegExp(puppy.pattern!));
      expect(await ask(path, parameter, longest)).toBe(200);
      expect(await ask(path, parameter, longest.replace('x', 'xx'))).toBe(400);
    }
  }
  expect(parameter.description).toContain(':');
  expect(parameter.schema, name).not.toHaveProperty('legal');
});

test('exactly the parameters documented as required are required', async () => {
  for (const [path, name, { required }] of parameters) {
    const query = new URLSearchParams(REQUIRED[path]);
    query.delete(name);
    expect((await get(`${path}?${query}`)).status === 400, `${path} ${name}`).toBe(required);
  }
});

test('each operation answers either pictures or JSON, as documented', async () => {
  for (const [path, { get: operation }] of Object.entries(document.paths)) {
    const documented = Object.keys(operation.responses['200']!.content!);
    const isJson = documented.includes('application/json');
    expect(documented.length === 1 || !isJson, path).toBe(true);
    const response = await get(`${path}?${REQUIRED[path] ?? ''}`);
    expect(documented, path).toContain(response.headers.get('Content-Type')!.split(';')[0]);
    for (const name of Object.keys(operation.responses['200']!.headers ?? {})) {
      expect(response.headers.get(name), `${path} ${name}`).not.toBeNull();
    }
    await response.arrayBuffer();
  }
});

// What the recommended rules of redocly and spectral:oas ask for; both were run by hand.
test('each operation has a tag that is described, a description, a success and client errors, and their headers', () => {
  expect(document.security).toEqual([]);
  expect(document.info).toMatchObject({ contact: { name: 'latent-dogs' }, license: { identifier: 'Apache-2.0' } });
  const described = document.tags.map((tag) => tag.name);
  const ids = new Set<string>();
  for (const [path, { get: operation }] of Object.entries(document.paths)) {
    expect(described, path).toContain(operation.tags[0]);
    expect(operation.description, path).toBeTruthy();
    ids.add(operation.operationId);
    const statuses = Object.keys(operation.responses);
    expect(statuses, path).toContain('200');
    expect(
      statuses.some((status) => status.startsWith('4')),
      path,
    ).toBe(true);
    for (const status of ['429', '503']) {
      const answer = operation.responses[status];
      if (answer) expect(answer.headers, `${path} ${status}`).toHaveProperty('Retry-After');
    }
    expect(operation.responses['200']!.headers, path).toHaveProperty('Cache-Control');
  }
  expect(ids.size).toBe(API_PATHS.length);
});

test('an answer that is 304, 400 or 404 is documented', async () => {
  for (const [path, { get: operation }] of Object.entries(document.paths)) {
    const query = REQUIRED[path] ?? '';
    for (const [more, init] of [
      ['', { headers: { 'If-None-Match': '*' } }],
      ['&unknown=1', {}],
      ['&model=00000000', {}],
    ] as const) {
      const { status } = await get(`${path}?${query}${more}`, init);
      expect(Object.keys(operation.responses), `${path} ${more}`).toContain(String(status));
    }
  }
});
