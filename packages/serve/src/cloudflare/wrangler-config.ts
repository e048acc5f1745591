/** @module The settings of the Worker: https://developers.cloudflare.com/workers/wrangler/configuration/ */

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Unstable_RawConfig } from 'wrangler';
import { HASHED_FILES } from '../node/gallery.ts';
import { UNITS_PER_MINUTE } from '../work/cost.ts';

export const PACKAGE = resolve(import.meta.dirname, '../..');

/** @param generated output folder of `prepare`, with the gallery */
export function wranglerConfig(generated: string) {
  return {
    name: 'latent-dogs',
    main: join(PACKAGE, 'src/worker.ts'),
    compatibility_date: '2026-08-01',
    // For node:zlib. Version 2 would define `process`, by which ONNX Runtime takes workerd for Node.
    compatibility_flags: ['nodejs_compat', 'no_nodejs_compat_v2'],
    // The models, and ONNX Runtime.
    alias: { 'served-files': join(generated, 'served-files.js') },
    rules: [{ type: 'Data', globs: ['**/*.onnx'], fallthrough: false }],
    // The gallery; the folder also holds _headers and _redirects. Cloudflare answers methods other than GET without a
    // problem document, and compresses large files less well than their copies are (worker/gallery.ts), so the Worker runs
    // first; but not for the other files that change their names with their contents.
    assets: {
      directory: join(generated, 'gallery'),
      binding: 'ASSETS',
      html_handling: 'none',
      run_worker_first: ['/', ...pathsOf(join(generated, 'gallery')), '/assets/*.wasm'],
    },
    // Cost of new pictures (work/cost.ts) per client network and minute.
    ratelimits: [{ name: 'NEW_PICTURES', namespace_id: '1', simple: { limit: UNITS_PER_MINUTE, period: 60 } }],
    observability: { enabled: true },
    send_metrics: false,
  } satisfies Omit<Unstable_RawConfig, 'env'>;
}

/** Patterns of the gallery's paths. */
const pathsOf = (gallery: string): string[] =>
  readdirSync(gallery, { withFileTypes: true })
    .map((entry) => `/${entry.name}${entry.isDirectory() ? '/*' : ''}`)
    .filter((path) => path !== `${HASHED_FILES}*` && !path.startsWith('/_'));
