/**
 * Node, workerd and Chromium all run on V8. QuickJS is an independent engine whose mathematical functions come from
 * musl's C library; the same sources must give the same bits there.
 */

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { beforeAll, expect, test } from 'vitest';
import { latentFromSeed, slerp } from '../src/index.ts';

const sources = new URL('../src/', import.meta.url);

/** Resolves our own sources relative to the importing file, and packages as Node does. */
function locate(specifier: string, importer: string): string {
  return specifier.startsWith('.') ? new URL(specifier, importer).href : import.meta.resolve(specifier);
}

function load(url: string): string {
  const text = readFileSync(fileURLToPath(url), 'utf8');
  if (url.endsWith('.json')) return `export default ${text}`;
  return url.endsWith('.ts') ? stripTypeScriptTypes(text).replace(/ with \{ type: 'json' \}/g, '') : text;
}

let evaluate: (code: string) => unknown;

beforeAll(async () => {
  const context = (
    await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-ng-wasmfile-release-sync'))
  ).newContext();
  context.runtime.setModuleLoader(load, (importer, specifier) => locate(specifier, importer));
  evaluate = (code) => {
    const module = context.evalCode(code, new URL('in-quickjs.js', sources).href, { type: 'module' });
    return context.unwrapResult(module).consume((namespace) => JSON.parse(context.dump(namespace).answer));
  };
  return () => context.dispose();
});

test('QuickJS reproduces every test vector', () => {
  const mismatches = evaluate(`
    import { checkTestVectors } from './test-vectors.ts';
    export const answer = JSON.stringify(checkTestVectors());
  `);
  expect(mismatches).toEqual([]);
});

test('QuickJS interpolates between two dogs with the same bits', () => {
  const steps = [0.1, 0.25, 0.5, 0.7, 0.99];
  const there = evaluate(`
    import { latentFromSeed } from './random-latent.ts';
    import { slerp } from './interpolate.ts';
    const steps = ${JSON.stringify(steps)};
    export const answer = JSON.stringify(steps.map((t) => [...slerp(latentFromSeed(1, 100), latentFromSeed(2, 100), t)]));
  `);
  expect(there).toEqual(steps.map((t) => [...slerp(latentFromSeed(1, 100), latentFromSeed(2, 100), t)]));
});

test('QuickJS has a different Math.log, so the comparison is meaningful', () => {
  const arguments_ = Array.from({ length: 10_000 }, (_, i) => (i + 0.5) / 10_000);
  const there = evaluate(`export const answer = JSON.stringify(${JSON.stringify(arguments_)}.map(Math.log));`);
  expect(there).not.toEqual(arguments_.map(Math.log));
});
