/** @module The settings of the Worker: https://developers.cloudflare.com/workers/wrangler/configuration/ */

import { join, resolve } from 'node:path';
import type { Unstable_RawConfig } from 'wrangler';
import { UNITS_PER_MINUTE } from '../work/cost.ts';

export const PACKAGE = resolve(import.meta.dirname, '../..');

/** @param generated output folder of `prepare` */
export function wranglerConfig(generated: string) {
  return {
    name: 'latent-dogs',
    main: join(PACKAGE, 'src/worker.ts'),
    compatibility_date: '2026-08-01',
    // The model.
    alias: { 'served-model': join(generated, 'served-model.js') },
    rules: [{ type: 'Data', globs: ['**/*.onnx'], fallthrough: false }],
    // The gallery, served without running the Worker; the folder also holds _headers and _redirects. Only the large files
    // go through the Worker (worker/compressed-copies.ts).
    assets: {
      directory: join(generated, 'gallery'),
      html_handling: 'none',
      binding: 'GALLERY',
      run_worker_first: ['/assets/*.wasm', '/models/*/generator.onnx'],
    },
    // Cost of new pictures (work/cost.ts) per client network and minute.
    ratelimits: [{ name: 'NEW_PICTURES', namespace_id: '1', simple: { limit: UNITS_PER_MINUTE, period: 60 } }],
    observability: { enabled: true },
    send_metrics: false,
  } satisfies Omit<Unstable_RawConfig, 'env'>;
}
