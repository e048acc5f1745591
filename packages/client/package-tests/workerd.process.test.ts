import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import { ALL_PICTURES, expectSamePictures, MODEL, referencePictures } from './support/reference.ts';

const installed = inject('installed');

/** A Worker with a model in its script, loaded before the first request, and one that loads it by address. */
const WORKER = `
import { loadGenerator } from '@latent-dogs/client';
import generator from '${MODEL}/generator.onnx';
import manifest from '${MODEL}/model.json';

const dogs = await loadGenerator({ manifest, generator });
const codeOf = (work) => work.then(() => 'none', (error) => error.code);

export default {
  async fetch(request) {
    if (new URL(request.url).pathname === '/codes') {
      const damaged = new Uint8Array(generator.slice(0));
      damaged[damaged.length - 1] ^= 1;
      return Response.json({
        relative: await codeOf(loadGenerator('/models/dogs-64/')),
        provider: await codeOf(loadGenerator({ manifest, generator }, { provider: 'native' })),
        damaged: await codeOf(loadGenerator({ manifest, generator: damaged })),
      });
    }
    return Response.json({ provider: dogs.provider, pictures: await ${ALL_PICTURES} });
  },
};
`;

let worker: TestHarness;
beforeAll(async () => {
  await writeFile(join(installed, 'worker.js'), WORKER);
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  worker = createTestHarness({
    root: installed,
    workers: [
      {
        config: {
          name: 'client',
          main: join(installed, 'worker.js'),
          compatibility_date: '2026-08-01',
          rules: [{ type: 'Data', globs: ['**/*.onnx'], fallthrough: false }],
        },
      },
    ],
  });
  await worker.listen();
});
afterAll(() => worker?.close());

const get = async (path: string) => (await worker.fetch(path)).json();

test('pictures in workerd are those of pnpm generate', async () => {
  const result = (await get('/')) as { provider: string; pictures: Record<string, number[]> };
  expect(result.provider).toBe('wasm');
  expectSamePictures(result.pictures, await referencePictures());
});

test('failures have codes', async () => {
  expect(await get('/codes')).toEqual({ relative: 'invalid-input', provider: 'unsupported', damaged: 'damaged' });
});
