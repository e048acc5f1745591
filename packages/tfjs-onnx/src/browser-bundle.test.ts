import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { onnx } from './browser-bundle.fixture.ts';

test('bundled for a browser, it needs nothing of Node and no ONNX Runtime, and traces a step to the same file', async () => {
  const warnings: string[] = [];
  const bundle = await rolldown({
    input: fileURLToPath(new URL('browser-bundle.fixture.ts', import.meta.url)),
    platform: 'browser',
    onLog: (_level, { message }) => warnings.push(message),
  });
  const [{ code, moduleIds }] = (await bundle.generate({ format: 'iife', name: 'bundled' })).output;
  await bundle.close();
  // Such as an import that a browser cannot resolve.
  expect(warnings).toEqual([]);
  expect(moduleIds.filter((id) => /onnxruntime-(?:node|web)|tfjs-layers|tf-core\.node/.test(id))).toEqual([]);

  // JavaScript's own globals and those of a worker that are used: no process, Buffer or require.
  const worker: { bundled?: { onnx: Uint8Array } } = createContext({ TextEncoder, URL, WorkerGlobalScope: class {} });
  runInContext('globalThis.self = globalThis', worker);
  runInContext(code, worker);
  expect([...worker.bundled!.onnx]).toEqual([...onnx]);
});
