/**
 * @module Features of a fixed convolutional network with random weights, which need no download. Such features tell sets of
 * pictures apart well enough to rank generators of one data set (Naeem et al. 2020, arXiv:2002.09797, used a random VGG16).
 * They know nothing of dogs: distances in them compare with each other, never with a published FID.
 */
import { NormalStream } from '@latent-dogs/latent';
import { compile, NCHW, type Program } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import { type Pictures, pictures, range, shrunk } from './pictures.ts';
import { type Rows, rows } from './row-products.ts';

/** Larger pictures are shrunk to this, so that the distances of 64x64 and of 128x128 dogs are of one kind. */
const SIZE = 64;
const BATCH = 64;
/** Raise it with any change: numbers before and after cannot be compared. */
const SEED = 1;
/** Filter side and channels out of each convolution, all with stride 2: 64 -> 32 -> 16 -> 8. */
const LAYERS = [
  { side: 5, channels: 32 },
  { side: 3, channels: 48 },
  { side: 3, channels: 64 },
] as const;
/** Means over each quarter of the picture of the last layer's 64 channels: what there is, and roughly where. */
export const RANDOM_FEATURES = 4 * 64;

export class RandomFeatures {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async create(): Promise<RandomFeatures> {
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
      inputs: { x: { shape: [BATCH, SIZE, SIZE, 3], order: NCHW } },
    });
    return new RandomFeatures(program);
  }

  /** [N, 256] of pictures of 64x64, or of any size that halves down to it. */
  async of(all: Pictures): Promise<Rows> {
    const features = new Float32Array(all.count * RANDOM_FEATURES);
    for (let from = 0; from < all.count; from += BATCH) {
      const batch = range(all, from, Math.min(from + BATCH, all.count));
      const x = new Float32Array(BATCH * 3 * SIZE * SIZE);
      x.set(shrunk(pictures(batch.pixels, batch.size), SIZE).map((value) => value / 127.5 - 1));
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
 * N(0, 2 / inputs), which keeps the scale from layer to layer (He et al. 2015). A quarter of the first layer's filters see
 * colour; the others have their mean over each colour taken out and see edges, which brightness would else drown.
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
