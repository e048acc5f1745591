/** @module The generator's ONNX file of a checkpoint, compared with the trained network. */
import { GeneratorSession } from '@latent-dogs/client/runtime/generator-session';
import {
  averagedGenerator,
  type Checkpoint,
  type Config,
  checkParity,
  checkPixels,
  encodeGenerator,
  type FoldedGenerator,
  foldGenerator,
  generatorGraph,
  type Parity,
  ParityMeter,
  trainedGenerator,
} from '@latent-dogs/dcgan';
import { latentFromSeed } from '@latent-dogs/latent';
import { type Device, NCHW, type WeightPrecision } from '@latent-dogs/tfjs-onnx';
import type { ProviderName } from '../../engine/protocol.ts';

/** Seeds 0 to 63 are compared; they are also the model's samples. */
const PICTURES = 64;
const BATCH = 16;

export interface ExportedGenerator {
  folded: FoldedGenerator;
  onnx: Uint8Array<ArrayBuffer>;
  precision: WeightPrecision;
  parity: Parity;
  /** RGBA [64, size, size, 4] of seeds 0 to 63. */
  samples: Uint8ClampedArray<ArrayBuffer>;
}

/** Browsers without it cannot store half precision. */
export const hasFloat16 = 'Float16Array' in globalThis;

/** @throws UserError if the file's pictures are not those of the trained network. */
export async function exportGenerator(
  config: Config,
  checkpoint: Checkpoint,
  device: Device,
): Promise<ExportedGenerator> {
  const precision = hasFloat16 ? 'fp16' : 'fp32';
  const folded = foldGenerator(config, averagedGenerator(config, checkpoint.tensors));
  const onnx = encodeGenerator(generatorGraph(folded, precision)) as Uint8Array<ArrayBuffer>;
  const { size, latent } = config;
  const session = await GeneratorSession.open(device.runtime, onnx, { provider: device.provider as ProviderName });
  const trained = await trainedGenerator(config, checkpoint.tensors, device, { batch: BATCH, order: NCHW });
  const samples = new Uint8ClampedArray(PICTURES * size * size * 4);
  const meter = new ParityMeter();
  try {
    for (let n = 0; n < PICTURES; n += BATCH) {
      const z = new Float32Array(BATCH * latent);
      for (let i = 0; i < BATCH; i++) z.set(latentFromSeed(n + i, latent), i * latent);
      const { image, pixels } = await session.outputs(z, ['image', 'pixels']);
      const bytes = pixels!.data as Uint8Array;
      checkPixels(image!.data as Float32Array, bytes, BATCH, size);
      meter.add(image!.data as Float32Array, await trained.run(z), BATCH);
      samples.set(bytes, n * size * size * 4);
    }
  } finally {
    await trained.dispose();
    await session.release();
  }
  const parity = meter.result('TensorFlow.js network with batch norms in place, traced, on onnxruntime-web wasm');
  checkParity(parity, precision);
  return { folded, onnx, precision, parity, samples };
}
