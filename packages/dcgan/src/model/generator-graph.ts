/** @module The generator's ONNX file. */
import {
  collectGraph,
  encodeOnnx,
  type Graph,
  mergeBiases,
  NCHW,
  storeWeights,
  traceDynamic,
  type WeightPrecision,
} from '@latent-dogs/tfjs-onnx';
import type * as tf from '@tensorflow/tfjs-core';
import type { FoldedGenerator } from './fold-generator.ts';
import { foldedNetwork } from './folded-network.ts';
import { pixelsOf } from './pixels.ts';

/**
 * Traces the folded generator: input `z` float32 [N, latent]; outputs `image` float32 [N, 3, H, W] in [-1, 1] and
 * `pixels` uint8 [N, H, W, 4], RGBA.
 */
export function generatorGraph(generator: FoldedGenerator, precision: WeightPrecision): Graph {
  const traced = traceDynamic(
    ({ z }) => ({ image: foldedNetwork(generator, z as tf.Tensor2D) }),
    (N) => ({ z: { shape: [N, generator.config.latent] } }),
    { outputOrders: { image: NCHW } },
  );
  const network = storeWeights(mergeBiases(traced), precision);
  const image = network.outputs.get('image')!;
  const pixels = pixelsOf(image);
  const outputs = new Map([
    ['image', image],
    ['pixels', pixels],
  ]);
  const freeShapes = new Map(network.freeShapes).set(pixels, ['N', ...pixels.shape.slice(1)]);
  return { ...collectGraph(network.inputs, outputs), freeShapes };
}

/** The bytes of generator.onnx: opset 17, N free. The same weights give the same bytes. */
export function encodeGenerator(graph: Graph): Uint8Array {
  return encodeOnnx(graph, { name: 'generator', producer: 'latent-dogs' });
}
