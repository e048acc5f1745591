/** @module A DCGAN with random weights in the shape of an exported model, so that tests need no trained one. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, NormalStream, parseModelManifest } from '@latent-dogs/latent';
import sharp from 'sharp';
import { addPixels, OnnxGraph } from './onnx-graph.ts';

export interface FixtureShape {
  name: string;
  /** When it was exported, ISO 8601; without it, as an earlier version exported it. */
  exported?: string;
  opening?: readonly number[];
  /** Seed of the random weights. */
  seed: number;
  latentSize: number;
  /** Pixels; a power of two, at least 8. */
  size: number;
  /** Channels of the last hidden layer. */
  channels: number;
}

const unit = (values: Float32Array) => {
  const length = Math.hypot(...values);
  return Array.from(values, (value) => value / length);
};

/** The kernel of a transposed convolution that doubles the size by linear interpolation. */
const SMOOTH = [0.25, 0.75, 0.75, 0.25];

/**
 * Weights scaled as by He et al. (arXiv:1502.01852), so that activations neither vanish nor saturate. All filters are
 * smooth, so that pictures are soft blobs: noise would take video encoders more time than any dog.
 */
export function encodeFixture({ seed, latentSize, size, channels }: FixtureShape): Uint8Array<ArrayBuffer> {
  const stream = new NormalStream(seed);
  const graph = new OnnxGraph();
  const weights = (dims: readonly number[], fanIn: number) =>
    graph.floats(
      dims,
      stream.fill(new Float32Array(dims.reduce((a, b) => a * b))).map((value) => value * Math.sqrt(2 / fanIn)),
    );
  let C = (channels * size) / 8;
  const projected = graph.node('Gemm', ['z', weights([latentSize, C * 16], latentSize), weights([C * 16], 100)]);
  let x = graph.node('Reshape', [graph.node('Relu', [projected]), graph.integers([-1, C, 4, 4])]);
  for (let H = 8; H <= size; H *= 2) {
    const next = H === size ? 3 : C / 2;
    const scales = stream.fill(new Float32Array(C * next));
    const gain = (H === size ? 0.9 : Math.SQRT2) / Math.sqrt(C);
    const kernels = Array.from(scales, (scale) => SMOOTH.flatMap((y) => SMOOTH.map((x) => scale * gain * y * x)));
    const filter = graph.floats([C, next, 4, 4], kernels.flat());
    x = graph.node('ConvTranspose', [x, filter, weights([next], 100)], {
      kernel_shape: [4, 4],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
    x = H === size ? graph.node('Tanh', [x], {}, 'image') : graph.node('Relu', [x]);
    C = next;
  }
  addPixels(graph, 'image');
  return graph.encode(latentSize, size);
}

/** Writes models/<name> under `modelsFolder` and returns its manifest. */
export async function writeFixtureModel(modelsFolder: string, shape: FixtureShape): Promise<ModelManifest> {
  const { name, exported, opening, latentSize, size } = shape;
  const generator = encodeFixture(shape);
  const directions = new NormalStream(shape.seed + 1);
  const sheet = (level: number) =>
    sharp({
      create: { width: 4 * size, height: 4 * size, channels: 3, background: { r: level, g: level / 2, b: 40 } },
    });
  const manifest = {
    formatVersion: 1,
    name,
    exported,
    opening,
    latentSize,
    size,
    generator: {
      file: 'generator.onnx',
      sha256: createHash('sha256').update(generator).digest('hex'),
      bytes: generator.length,
      opset: 17,
      precision: 'fp32',
    },
    input: { name: 'z', latentSize, distribution: 'normal' },
    outputs: {
      image: { height: size, width: size, range: [-1, 1] },
      pixels: { height: size, width: size },
    },
    directions: [null, 'coat: light', null].map((label) => ({
      name: label,
      vector: unit(directions.fill(new Float32Array(latentSize))),
      deviation: 1,
    })),
    training: {
      config: { preset: 'none' },
      imagesSeen: 300_000,
      dataset: { name: 'nothing', count: 5000, fingerprint: 'none' },
    },
    metrics: {},
    parity: { latents: 64, maxAbsoluteError: 0, meanAbsoluteError: 0, psnr: null, backend: 'none' },
    samples: 'samples.png',
    timelapse: [
      { file: 'timelapse/000000000.webp', imagesSeen: 0 },
      { file: 'timelapse/000150000.webp', imagesSeen: 150_000 },
      { file: 'timelapse/000300000.webp', imagesSeen: 300_000 },
    ],
  };
  const folder = join(modelsFolder, name);
  await mkdir(join(folder, 'timelapse'), { recursive: true });
  await writeFile(join(folder, 'generator.onnx'), generator);
  await writeFile(join(folder, 'model.json'), JSON.stringify(manifest));
  await sheet(120).png().toFile(join(folder, 'samples.png'));
  for (const [i, { file }] of manifest.timelapse.entries())
    await sheet(60 + 80 * i)
      .webp()
      .toFile(join(folder, file));
  return parseModelManifest(manifest);
}
