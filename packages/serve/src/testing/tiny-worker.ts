/** @module The Worker in workerd, with the tiny models and gallery, for tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFolder } from '@latent-dogs/models';
import { afterAll } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import { prepare } from '../cloudflare/prepare.ts';
import { PACKAGE, wranglerConfig } from '../cloudflare/wrangler-config.ts';
import { writeTinyGallery } from './tiny-gallery.ts';
import { tinyModelFolder } from './tiny-server.ts';

interface TinyWorker {
  /** An answer of the served Worker, read to its end. */
  get: (path: string, init?: RequestInit) => Promise<Response>;
  /** The Worker "vectors". */
  vectors: ReturnType<TestHarness['getWorker']>;
}

/** Both Workers; closed after the test file. */
export async function startTinyWorker(): Promise<TinyWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'tiny-worker-'));
  const gallery = join(folder, 'dist');
  writeTinyGallery(gallery);
  const generated = join(folder, 'generated');
  const models = await Promise.all([tinyModelFolder(), tinyModelFolder('other')].map(readModelFolder));
  await prepare({ models, gallery, out: generated });

  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  const served = wranglerConfig(generated);
  const vectors = {
    name: 'vectors',
    main: join(PACKAGE, 'src/testing/vectors-worker.ts'),
    compatibility_date: served.compatibility_date,
  };
  const harness = createTestHarness({ root: PACKAGE, workers: [{ config: served }, { config: vectors }] });
  afterAll(async () => {
    await harness.close();
    rmSync(folder, { recursive: true });
  });
  await harness.listen();
  // Read at once: the harness wraps undici's answer in another one, and undici cancels the body when the garbage
  // collector takes its own, so that a later read fails with "Body has already been read".
  const get = async (path: string, init?: RequestInit) => {
    const answer = await harness.fetch(path, init as never);
    const body = await answer.arrayBuffer();
    const { status, statusText } = answer;
    return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers: [...answer.headers] });
  };
  return { get, vectors: harness.getWorker('vectors') };
}
