import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defaultClientConditions, defineConfig } from 'vite';
import { models } from './build/models-plugin.ts';
import { opening } from './build/opening-plugin.ts';
import { policy } from './build/policy-plugin.ts';
import { precache } from './build/precache-plugin.ts';
import { runtimeFiles } from './build/runtime-files.ts';

/** Threads need shared memory, which browsers give only to pages that these headers isolate. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What only the Studio loads. */
const STUDIO: ReadonlySet<string> = new Set(['studio', 'photo-worker', 'training-worker']);
const folderOf = (name: string) => (STUDIO.has(name) ? 'assets/studio/' : 'assets/');

/**
 * The Studio's network lies beside its scripts. ONNX Runtime's modules end in .js: many hosts do not know .mjs, and
 * browsers run no module of an unknown type.
 */
const assetIn = (names: readonly string[]) => {
  const folder = names.some((name) => name.endsWith('.onnx')) ? 'assets/studio/' : 'assets/';
  const isModule = names.some((name) => name.endsWith('.mjs'));
  return `${folder}[name]-[hash]${isModule ? '.js' : '[extname]'}`;
};

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const MODELS = process.env.LATENT_DOGS_MODELS ?? fromHere('../../models');

const onnxRuntime = await runtimeFiles(fromHere('generated'));

export default defineConfig({
  root: fromHere('.'),
  // Relative addresses: the page works in any folder of a site.
  base: './',
  // The .wasm of ONNX Runtime is a file of its own, so that it is compiled while it downloads.
  resolve: {
    alias: onnxRuntime.alias,
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  // The workers' dependencies too, so that the development server does not find them later and load the page again.
  optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['index.html', 'src/studio/**/*-worker.ts'] },
  define: { ONNX_RUNTIME_FILES: JSON.stringify(onnxRuntime.files) },
  plugins: [
    preact({ devToolsEnabled: false }),
    models(MODELS),
    opening(MODELS, process.env.LATENT_DOGS_SITE),
    policy(),
    precache(fromHere('public')),
  ],
  worker: {
    format: 'es',
    rolldownOptions: {
      output: {
        entryFileNames: ({ name }) => `${folderOf(name)}[name]-[hash].js`,
        assetFileNames: ({ names }) => assetIn(names),
      },
    },
  },
  server: { headers },
  preview: { headers },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: fromHere('index.html'), sw: fromHere('src/service-worker/service-worker.ts') },
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: ({ name }) => `${folderOf(name)}[name]-[hash].js`,
        assetFileNames: ({ names }) => assetIn(names),
      },
    },
  },
});
