/** @module A 7 kB model for tests with the interface of an exported one, and its expected pictures, computed without ONNX. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chwToRgba, type ModelManifest, NormalStream, parseModelManifest } from '@latent-dogs/latent';
import { collectGraph, encodeOnnx, type Graph, NCHW, traceDynamic } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';

type Value = Graph['inputs'][number];
/** TensorProto.DataType of uint8. */
const UINT8 = 2;
const NO_PADDING: [number, number][] = [
  [0, 0],
  [0, 0],
  [0, 0],
];

const LATENT = 8;
const SIZE = 64;
/** A picture consists of squares this wide; each channel of a square is one output of the matrix. */
const SQUARE = 8;
const ACROSS = SIZE / SQUARE;
const OUTPUTS = 3 * ACROSS * ACROSS;

/** The models by their names; their weights are drawn from these streams. */
export const TINY = { tiny: 1, other: 2 } as const;
type TinyName = keyof typeof TINY;

/** [latent, 3 * 8 * 8] */
const drawn = Object.fromEntries(
  Object.entries(TINY).map(([name, stream]) => [
    name,
    new NormalStream(stream).fill(new Float32Array(LATENT * OUTPUTS)).map((value) => value * 0.3),
  ]),
) as Record<TinyName, Float32Array<ArrayBuffer>>;

/** The model's picture of z: tanh(z W) as 8 x 8 squares, uint8 [64, 64, 4]. */
export function tinyPicture(z: Float32Array, name: TinyName = 'tiny'): Uint8ClampedArray {
  const weights = drawn[name];
  const image = new Float32Array(3 * SIZE * SIZE);
  for (let i = 0; i < image.length; i++) {
    const channel = Math.floor(i / (SIZE * SIZE));
    const row = Math.floor(Math.floor((i % (SIZE * SIZE)) / SIZE) / SQUARE);
    const column = Math.floor((i % SIZE) / SQUARE);
    const output = (channel * ACROSS + row) * ACROSS + column;
    let sum = 0;
    for (let k = 0; k < LATENT; k++) sum += z[k]! * weights[k * OUTPUTS + output]!;
    image[i] = Math.tanh(sum);
  }
  return chwToRgba(image, SIZE, SIZE);
}

/** The ONNX file. */
export function tinyGenerator(name: TinyName = 'tiny'): Uint8Array {
  const weights = drawn[name];
  const graph = traceDynamic(
    ({ z }) => {
      const squares = tf.tanh(tf.matMul(z as tf.Tensor2D, tf.tensor2d(weights, [LATENT, OUTPUTS])));
      const small = tf.transpose(tf.reshape(squares, [-1, 3, ACROSS, ACROSS]), [0, 2, 3, 1]);
      const image = tf.image.resizeNearestNeighbor(small as tf.Tensor4D, [SIZE, SIZE]);
      const rgb = tf.floor(tf.clipByValue(tf.add(tf.mul(tf.add(image, 1), 127.5), 0.5), 0, 255));
      return { image, pixels: tf.pad(rgb, [...NO_PADDING, [0, 1]], 255) };
    },
    (N) => ({ z: { shape: [N, LATENT] } }),
    { outputOrders: { image: NCHW } },
  );
  const pixels = toBytes(graph.outputs.get('pixels')!);
  const outputs = new Map(graph.outputs).set('pixels', pixels);
  const freeShapes = new Map(graph.freeShapes).set(pixels, ['N', SIZE, SIZE, 4]);
  return encodeOnnx({ ...collectGraph(graph.inputs, outputs), freeShapes }, { name: 'generator' });
}

/** A cast to uint8, a type that TensorFlow.js does not have. */
function toBytes(value: Value): Value {
  const outputs: Value[] = [];
  const node = { operator: 'Cast', inputs: [value], attributes: { to: UINT8 }, outputs };
  outputs.push({ shape: value.shape, type: 'uint8', node });
  return outputs[0]!;
}

/** A unit vector of the latent space. */
const axis = (index: number): number[] => Array.from({ length: LATENT }, (_, i) => (i === index ? 1 : 0));

/** Its model.json. */
export function tinyManifest(generator: Uint8Array, name: TinyName = 'tiny'): ModelManifest {
  return parseModelManifest({
    formatVersion: 1,
    name,
    latentSize: LATENT,
    size: SIZE,
    generator: {
      file: 'generator.onnx',
      sha256: createHash('sha256').update(generator).digest('hex'),
      bytes: generator.length,
      opset: 17,
      precision: 'fp32',
    },
    input: { name: 'z', latentSize: LATENT, distribution: 'normal' },
    outputs: {
      image: { height: SIZE, width: SIZE, range: [-1, 1] },
      pixels: { height: SIZE, width: SIZE },
    },
    directions: [
      { name: 'light coat … dark coat', vector: axis(0), deviation: 1 },
      { name: null, vector: axis(1).map((value, i) => 0.6 * value + 0.8 * axis(2)[i]!), deviation: 0.5 },
      { name: 'warm … cool', vector: axis(7), deviation: 2 },
    ],
    training: { config: {}, imagesSeen: 0, dataset: { name: 'none', count: 0, fingerprint: 'none' } },
    metrics: {},
    parity: { latents: 1, maxAbsoluteError: 0, meanAbsoluteError: 0, psnr: null, backend: 'none' },
  });
}

/** Writes the model folder. */
export function writeTinyModel(folder: string, name: TinyName = 'tiny'): void {
  const generator = tinyGenerator(name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'generator.onnx'), generator);
  writeFileSync(join(folder, 'model.json'), JSON.stringify(tinyManifest(generator, name)));
}
