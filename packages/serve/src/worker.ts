/** @module The server as a Cloudflare Worker: `pnpm serve`, `pnpm run deploy`. */

import avif from '@jsquash/avif/codec/enc/avif_enc.wasm';
import jpeg from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import webp from '@jsquash/webp/codec/enc/webp_enc_simd.wasm';
import { parseModelManifest } from '@latent-dogs/latent';
import { generator as modelFile, manifest as modelManifest } from 'served-model';
import { createApp } from './app.ts';
import { createGenerator } from './generator.ts';
import { ServerTiming } from './http/server-timing.ts';
import { createCodecs } from './picture/codecs.ts';
import { encodeDog } from './routes/dog.ts';
import type { ServerParts } from './server-parts.ts';
import { IMMEDIATE_WORK } from './work/work.ts';
import { beginWork } from './worker/begin-work.ts';
import { edgeCache } from './worker/edge-cache.ts';
import { serveGallery } from './worker/gallery.ts';
import { openOnnxSession } from './worker/onnx-session.ts';

const manifest = parseModelManifest(modelManifest);
const parts: ServerParts = {
  generator: createGenerator(manifest, () => openOnnxSession(modelFile)),
  codecs: createCodecs({ resize, webp, jpeg, avif }),
  runtime: 'workerd',
  openModelFile: () => modelFile,
};

// A Worker may use a second of CPU to start, but on the free plan 10 ms per request. Rendering one dog here loads and
// compiles everything. If that fails, requests try again.
const look = { size: 2 * manifest.size, filter: 'lanczos', format: 'png' } as const;
await encodeDog(
  parts,
  new Float32Array(manifest.latentSize),
  look,
  { seed: 0, truncation: 0 },
  IMMEDIATE_WORK,
  new ServerTiming(),
).catch(console.error);

export default createApp({ ...parts, cache: edgeCache, beginWork, gallery: serveGallery });
