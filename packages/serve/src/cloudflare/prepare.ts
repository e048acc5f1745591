/** @module Writes everything that wrangler needs into one folder: its settings, the models, ONNX Runtime and the gallery. */

import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFolder } from '@latent-dogs/models';
import { onnxRuntimeWasm } from '@latent-dogs/onnxruntime-wasm';
import { INDEX_PATH, LINK_PREVIEWS } from '../http/link-previews.ts';
import { SECURITY_HEADERS } from '../http/security-headers.ts';
import { COPY, HASHED_FILES } from '../node/gallery.ts';
import { wranglerConfig } from './wrangler-config.ts';

interface PrepareOptions {
  /** At least one, with different names; the first answers requests that name no model. */
  readonly models: readonly ModelFolder[];
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

const ONNX_RUNTIME = 'ort-wasm-simd-threaded.wasm';

/** The names are file names. */
const moduleOf = (names: readonly string[]): string => `${names
  .map(
    (name, index) =>
      `import generator${index} from './served/${name}/generator.onnx';\nimport manifest${index} from './served/${name}/model.json';\n`,
  )
  .join('')}import onnxRuntime from './${ONNX_RUNTIME}';
export { onnxRuntime };
export const models = [${names.map((_, index) => `{ generator: generator${index}, manifest: manifest${index} }`).join(', ')}];
`;

/** The copies that the Worker sends itself (worker/compressed-copies.ts). */
const SENT_COPY = /\.(wasm|onnx)\.br$/;

/** @returns the path of the settings, for wrangler's --config */
export async function prepare({ models, gallery, out }: PrepareOptions): Promise<string> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const names = models.map(({ manifest }) => manifest.name);
  for (const { file, manifest } of models) {
    const folder = join(out, 'served', manifest.name);
    await mkdir(folder, { recursive: true });
    await cp(file, join(folder, 'generator.onnx'));
    await writeFile(join(folder, 'model.json'), JSON.stringify(manifest));
  }
  await writeFile(join(out, ONNX_RUNTIME), onnxRuntimeWasm());
  await writeFile(join(out, 'served-files.js'), moduleOf(names));
  // Cloudflare compresses most files itself.
  const isServed = (path: string) => !COPY.test(path) || SENT_COPY.test(path);
  await cp(gallery, join(out, 'gallery'), { recursive: true, filter: isServed });
  await writeFile(join(out, 'gallery', '_headers'), HEADERS_FILE);
  await writeFile(join(out, 'gallery', '_redirects'), REDIRECTS_FILE);
  const config = join(out, 'wrangler.json');
  await writeFile(config, JSON.stringify(wranglerConfig(out), null, 2));
  return config;
}
