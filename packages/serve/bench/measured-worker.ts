/** @module Runs the Worker's parts in loops, to measure them without the overhead of `wrangler dev`. */

import avif from '@jsquash/avif/codec/enc/avif_enc.wasm';
import jpeg from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import webp from '@jsquash/webp/codec/enc/webp_enc_simd.wasm';
import { latentFromSeed, parseModelManifest } from '@latent-dogs/latent';
import { models } from 'served-files';
import { createApp } from '../src/app.ts';
import { createGenerator } from '../src/generator.ts';
import { createCodecs } from '../src/picture/codecs.ts';
import { openOnnxSession } from '../src/worker/onnx-session.ts';

const { manifest: description, generator: modelFile } = models[0]!;
const manifest = parseModelManifest(description);
const run = await openOnnxSession(modelFile);
const app = createApp({
  models: [{ generator: createGenerator(manifest, async () => run), openModelFile: () => modelFile }],
  codecs: createCodecs({ resize, webp, jpeg, avif }),
  runtime: 'workerd',
});

export default {
  /** /inference?n=50 runs the model 50 times; /generate?n=50 answers 50 requests, including PNG encoding. */
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const times = Number(searchParams.get('n'));
    for (let seed = 0; seed < times; seed++) {
      if (pathname === '/inference') await run(latentFromSeed(seed, manifest.latentSize));
      else await (await app.request(`/generate?seed=${seed}`)).arrayBuffer();
    }
    return new Response('done');
  },
};
