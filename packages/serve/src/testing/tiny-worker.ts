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

/** The served Worker and the Worker "vectors"; closed after the test file. */
export async function startTinyWorker(): Promise<TestHarness> {
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
  return harness;
}
