/** @module Vite plugin: gives the page its models/; in development from the folder itself, in a build as copies. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { findModels } from './model-folders.ts';

const TYPES: Record<string, string> = {
  json: 'application/json',
  onnx: 'application/octet-stream',
  png: 'image/png',
  safetensors: 'application/octet-stream',
  webp: 'image/webp',
};

/** @param folder the folder of models */
export function models(folder: string): Plugin {
  const index = async () => JSON.stringify({ models: (await findModels(folder)).map(({ entry }) => entry) });
  return {
    name: 'latent-dogs:models',
    configureServer(server) {
      server.middlewares.use('/models', async (request, response, next) => {
        const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
        if (path === '/index.json') {
          response.setHeader('content-type', TYPES.json!);
          response.end(await index());
          return;
        }
        const file = resolve(folder, `.${path}`);
        const type = TYPES[file.split('.').at(-1)!];
        if (!file.startsWith(`${resolve(folder)}/`) || type === undefined) return next();
        const stream = createReadStream(file);
        stream.on('error', () => next());
        stream.on('open', () => {
          response.setHeader('content-type', type);
          stream.pipe(response);
        });
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'models/index.json', source: await index() });
      for (const { files } of await findModels(folder)) {
        for (const file of files) {
          this.emitFile({ type: 'asset', fileName: `models/${file}`, source: await readFile(join(folder, file)) });
        }
      }
    },
  };
}
