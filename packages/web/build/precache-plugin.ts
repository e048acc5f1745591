/** @module Vite plugin: writes the site's files and their digests into the service worker. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** The placeholder for the list in src/service-worker/service-worker.ts. */
const PLACEHOLDER = /(["'`])__PRECACHE__\1/;

/** The folder of the Studio's own files. */
const STUDIO = 'assets/studio/';

/** The part of the site that a file belongs to: the page, what is cached when it is first used, or neither. */
function partOf(file: string): 'page' | 'big' | null {
  // The JPEG is for other sites, which show previews of links.
  if (file === 'sw.js' || /\.(map|md|jpg)$/.test(file)) return null;
  const isModelFile = file.startsWith('models/') && !file.endsWith('.json');
  return isModelFile || file.endsWith('.wasm') || file.startsWith(STUDIO) ? 'big' : 'page';
}

const digestOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** The address of a file relative to the page. Those of a model name the model's digest (src/engine/catalogue.ts). */
function addressOf(file: string, bundle: Rolldown.OutputBundle): string {
  const [, model] = /^models\/([^/]+)\/(?!model\.json$)/.exec(file) ?? [];
  if (!model) return file;
  const { source } = bundle[`models/${model}/model.json`] as Rolldown.OutputAsset;
  return `${file}?v=${JSON.parse(Buffer.from(source).toString()).generator.sha256.slice(0, 16)}`;
}

/** @param publicFolder its files are copied into the build unchanged, without being part of the bundle */
export function precache(publicFolder: string): Plugin {
  return {
    name: 'latent-dogs:precache',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const page: Record<string, string> = {};
        const big: Record<string, string> = {};
        for (const file of await readdir(publicFolder)) {
          page[file] = digestOf(await readFile(join(publicFolder, file)));
        }
        for (const [file, output] of Object.entries(bundle)) {
          const part = partOf(file);
          if (part === null) continue;
          const digests = part === 'page' ? page : big;
          digests[addressOf(file, bundle)] = digestOf(output.type === 'chunk' ? output.code : output.source);
        }
        const worker = bundle['sw.js'] as Rolldown.OutputChunk;
        const version = digestOf(JSON.stringify([page, big, worker.code]));
        worker.code = worker.code.replace(PLACEHOLDER, () => JSON.stringify(JSON.stringify({ version, page, big })));
      },
    },
  };
}
