/** @module The server as a Cloudflare Worker: `pnpm serve`, `pnpm run deploy`. */

import avif from '@jsquash/avif/codec/enc/avif_enc.wasm';
import jpeg from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import webp from '@jsquash/webp/codec/enc/webp_enc_simd.wasm';
import { parseModelManifest } from '@latent-dogs/latent';
import { models as served } from 'served-files';
import { createApp } from './app.ts';
import { createGenerator } from './generator.ts';
import { ServerTiming } from './http/server-timing.ts';
import { createCodecs } from './picture/codecs.ts';
import { encodeDog } from './routes/dog.ts';
import type { AppParts, ServedModel } from './server-parts.ts';
import { IMMEDIATE_WORK } from './work/work.ts';
import { beginWork } from './worker/begin-work.ts';
import { edgeCache } from './worker/edge-cache.ts';
import { serveGallery } from './worker/gallery.ts';
import { openOnnxSession } from './worker/onnx-session.ts';

const models = served.map(({ manifest, generator }) => ({
  generator: createGenerator(parseModelManifest(manifest), () => openOnnxSession(generator)),
  openModelFile: () => generator,
}));
const [first] = models as [ServedModel];
const parts: Omit<AppParts, 'models'> = { codecs: createCodecs({ resize, webp, jpeg, avif }), runtime: 'workerd' };

// A Worker may use a second of CPU to start, but on the free plan 10 ms per request. Rendering one dog here loads and
// compiles everything of the first model. If that fails, requests try again.
const { manifest } = first.generator;
const look = { size: 2 * manifest.size, filter: 'lanczos', format: 'png' } as const;
await encodeDog(
  { ...parts, ...first },
  new Float32Array(manifest.latentSize),
  look,
  { seed: 0, truncation: 0 },
  IMMEDIATE_WORK,
  new ServerTiming(),
).catch(console.error);

export default createApp({ ...parts, models, cache: edgeCache, beginWork, gallery: serveGallery });
