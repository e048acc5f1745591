/** @module Writes everything that wrangler needs into one folder: its settings, the model and the gallery. */

import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFolder } from '@latent-dogs/models';
import { INDEX_PATH, LINK_PREVIEWS } from '../http/link-previews.ts';
import { SECURITY_HEADERS } from '../http/security-headers.ts';
import { COPY, HASHED_FILES } from '../node/gallery.ts';
import { wranglerConfig } from './wrangler-config.ts';

interface PrepareOptions {
  readonly model: ModelFolder;
  /** Folder of the built gallery. */
  readonly gallery: string;
  /** Output folder; its contents are replaced. */
  readonly out: string;
}

/** https://developers.cloudflare.com/workers/static-assets/headers/ */
const HEADERS_FILE = `/*
${Object.entries(SECURITY_HEADERS)
  .map(([name, value]) => `  ${name}: ${value}`)
  .join('\n')}
  Access-Control-Allow-Origin: *
  Timing-Allow-Origin: *
${HASHED_FILES}*
  Cache-Control: public, max-age=31536000, immutable
${INDEX_PATH}
${Object.entries(LINK_PREVIEWS)
  .map(([name, value]) => `  ${name}: ${value}`)
  .join('\n')}
`;

/**
 * With `html_handling` on, /index.html would redirect to /, and browsers reject a redirected response from a service
 * worker's cache. https://developers.cloudflare.com/workers/static-assets/redirects/
 */
const REDIRECTS_FILE = '/ /index.html 200\n';

const MODULE = `export { default as generator } from './generator.onnx';
export { default as manifest } from './model.json';
`;

/** The copies that the Worker sends itself (worker/compressed-copies.ts). */
const SENT_COPY = /\.(wasm|onnx)\.br$/;

/** @returns the path of the settings, for wrangler's --config */
export async function prepare({ model, gallery, out }: PrepareOptions): Promise<string> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await cp(model.file, join(out, 'generator.onnx'));
  await writeFile(join(out, 'model.json'), JSON.stringify(model.manifest));
  await writeFile(join(out, 'served-model.js'), MODULE);
  // Cloudflare compresses most files itself.
  const isServed = (path: string) => !COPY.test(path) || SENT_COPY.test(path);
  await cp(gallery, join(out, 'gallery'), { recursive: true, filter: isServed });
  await writeFile(join(out, 'gallery', '_headers'), HEADERS_FILE);
  await writeFile(join(out, 'gallery', '_redirects'), REDIRECTS_FILE);
  const config = join(out, 'wrangler.json');
  await writeFile(config, JSON.stringify(wranglerConfig(out), null, 2));
  return config;
}
