/**
 * @module Features of a fixed convolutional network with random weights, which needs no download. Such features distinguish sets
 * of pictures well enough to rank generators of one dataset (Naeem et al. 2020, arXiv:2002.09797, used a random VGG16).
 * Distances between them are comparable with each other, but never with a published FID.
 */
import { NormalStream } from '@latent-dogs/latent';
import { compile, type Program, type Runtime } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { type Pictures, range, shrunk } from './pictures.ts';
import { type Rows, rows } from './row-products.ts';

/** Larger pictures are shrunk to this size, so that distances of 64x64 and of 128x128 dogs are comparable. */
const SIZE = 64;
const BATCH = 64;
/** Raise it with every change of the network: its numbers are not comparable with earlier ones. */
const SEED = 1;
/** Filter side and output channels of the convolutions, all with stride 2: 64 -> 32 -> 16 -> 8. */
const LAYERS = [
  { side: 5, channels: 32 },
  { side: 3, channels: 48 },
  { side: 3, channels: 64 },
] as const;
/** Length of a feature vector: means of the last layer's 64 channels over each quarter of the picture. */
export const RANDOM_FEATURES = 4 * 64;

export class RandomFeatures {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async create(runtime: Runtime): Promise<RandomFeatures> {
    const filters = randomFilters();
    const network = (x: tf.Tensor): tf.Tensor => {
      let y = x as tf.Tensor4D;
      for (const [i, { side, channels }] of LAYERS.entries()) {
        const filter = tf.tensor4d(filters[i]!, [side, side, y.shape[3], channels]);
        y = tf.leakyRelu(tf.conv2d(y, filter, 2, 'same'), 0.1);
      }
      return tf.reshape(tf.avgPool(y, 4, 4, 'valid'), [BATCH, RANDOM_FEATURES]);
    };
    const program = await compile((_, { x }) => ({ outputs: { features: network(x!) } }), {
      runtime,
      inputs: { x: { shape: [BATCH, SIZE, SIZE, 3] } },
    });
    return new RandomFeatures(program);
  }

  /** Features [N, 256] of pictures of 64x64 or a multiple of it. */
  async of(all: Pictures): Promise<Rows> {
    const features = new Float32Array(all.count * RANDOM_FEATURES);
    for (let from = 0; from < all.count; from += BATCH) {
      const batch = range(all, from, Math.min(from + BATCH, all.count));
      const x = new Float32Array(BATCH * SIZE * SIZE * 3);
      x.set(shrunk(batch, SIZE).map((value) => value / 127.5 - 1));
      const output = await this.#program.run({ x });
      const values = output['features']!.data as Float32Array;
      features.set(values.subarray(0, batch.count * RANDOM_FEATURES), from * RANDOM_FEATURES);
    }
    return rows(features, RANDOM_FEATURES);
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}

/**
 * N(0, 2 / inputs), which keeps the scale from layer to layer (He et al. 2015). In the first layer, a quarter of the filters
 * respond to colour; of the others, the mean for each input channel is subtracted, so that they respond to edges only.
 */
function randomFilters(): Float32Array[] {
  const stream = new NormalStream(SEED);
  let inputs = 3;
  return LAYERS.map(({ side, channels }, layer) => {
    const filter = stream.fill(new Float32Array(side * side * inputs * channels));
    const deviation = Math.sqrt(2 / (side * side * inputs));
    for (let i = 0; i < filter.length; i++) filter[i]! *= deviation;
    if (layer === 0) removeMeans(filter, side * side, inputs, channels);
    inputs = channels;
    return filter;
  });
}

/** `filter` is [taps, inputs, channels]. */
function removeMeans(filter: Float32Array, taps: number, inputs: number, channels: number): void {
  const stride = inputs * channels;
  for (let input = 0; input < inputs; input++) {
    for (let channel = channels / 4; channel < channels; channel++) {
      const first = input * channels + channel;
      let mean = 0;
      for (let tap = 0; tap < taps; tap++) mean += filter[first + tap * stride]! / taps;
      for (let tap = 0; tap < taps; tap++) filter[first + tap * stride]! -= mean;
    }
  }
}
