/** @module Vite plugin: writes the list of the page's files, and a digest of them, into the service worker. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** The placeholder for the list in src/service-worker/service-worker.ts. */
const PLACEHOLDER = /(["'`])__PRECACHE__\1/;

/** The folder of the Studio's own files. */
const STUDIO = 'assets/studio/';

/** Everything but large files, the Studio, and the files of models, which are cached when a visitor first uses them. */
function belongsToPage(file: string): boolean {
  if (file === 'sw.js' || file.endsWith('.wasm') || file.endsWith('.map') || file.startsWith(STUDIO)) return false;
  return !file.startsWith('models/') || file.endsWith('.json');
}

const digestOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** @param publicFolder its files are copied into the build unchanged, without being part of the bundle */
export function precache(publicFolder: string): Plugin {
  return {
    name: 'latent-dogs:precache',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const digests: Record<string, string> = {};
        for (const file of await readdir(publicFolder)) {
          digests[file] = digestOf(await readFile(join(publicFolder, file)));
        }
        for (const [file, output] of Object.entries(bundle)) {
          if (belongsToPage(file)) digests[file] = digestOf(output.type === 'chunk' ? output.code : output.source);
        }
        const files = Object.keys(digests).sort();
        const version = digestOf(files.map((file) => `${file} ${digests[file]}`).join('\n'));
        const worker = bundle['sw.js'] as Rolldown.OutputChunk;
        worker.code = worker.code.replace(PLACEHOLDER, JSON.stringify(JSON.stringify({ version, files })));
      },
    },
  };
}
