/** @module Trains the face finder's network with the training step that `tfjs-onnx` traces. */
import { adam, adamCorrections, initialState, loweringFor } from '@latent-dogs/dcgan';
import {
  CELL,
  type Face,
  faceLosses,
  faceNetwork,
  faceParameters,
  faceTargets,
  GRID,
  PICTURE,
} from '@latent-dogs/face-finder';
import { deriveSeed, NormalStream, UniformStream } from '@latent-dogs/latent';
import { compile, type NamedValues, ProgramState, type Runtime, type Step } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { drawnScene } from './drawn-scene.ts';
import type { LabelledPhoto } from './labelled-photos.ts';
import { backgroundView, faceView } from './views.ts';

export const BATCH = 32;
const [BETA1, BETA2] = [0.9, 0.99];
const RATE = 1.5e-3;
/** The rate rises over this share of the steps and then falls to 0 as a cosine. */
const WARM_UP = 0.03;
/** Weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101) keeps weights that 5,000 photos do not need small. */
const DECAY = 0.02;
/** Weight of the side's loss: an error of the side weighs as much as one of the place that spoils the square as much. */
const SIDE = 3;
/** Shares of views without a face: parts of photos, and drawn scenes. */
const [BACKGROUNDS, DRAWN] = [0.15, 0.03];

export interface FaceTraining {
  readonly runtime: Runtime;
  readonly photos: readonly LabelledPhoto[];
  /** Number of views to train on. */
  readonly views: number;
  readonly seed: number;
  readonly onStep: (step: { step: number; steps: number; loss: number }) => void;
}

/** Adam's step for the losses' sum; the moments are part of the state. */
const step: Step = (state, { pictures, targets, rate, adamCorrection, decay }) => {
  const names = Object.keys(faceParameters());
  const { grads, value } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const tensors = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const { heat, place, side } = faceLosses(faceNetwork(tensors, pictures!), targets as tf.Tensor4D);
    return tf.addN([heat, place, tf.mul(side, SIDE)]) as tf.Scalar;
  })(names.map((name) => state[name]!));
  const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]!]));
  const next = adam(state, gradients, rate!, adamCorrection!, BETA1, BETA2);
  for (const name of names) {
    if (name.endsWith('/filter')) next[name] = tf.sub(next[name]!, tf.mul(state[name]!, decay!));
  }
  return { state: next, outputs: { loss: value } };
};

/** Trains from random weights. The same photos, seed and number of views give the same weights on one machine. */
export async function trainFaceFinder({ runtime, photos, views, seed, onStep }: FaceTraining): Promise<NamedValues> {
  const parameters = faceParameters();
  const moments = Object.entries(parameters).flatMap(([name, { shape }]) =>
    ['adam/m/', 'adam/v/'].map((prefix) => [prefix + name, { shape, initial: { constant: 0 } }] as const),
  );
  const definitions = { ...parameters, ...Object.fromEntries(moments) };
  const specs = Object.fromEntries(Object.entries(definitions).map(([name, { shape }]) => [name, { shape }]));
  const initial = initialState(definitions, new NormalStream(deriveSeed(seed, 'weights')));
  const state = new ProgramState(specs, initial, { runtime });
  const program = await compile(step, {
    state,
    inputs: {
      pictures: { shape: [BATCH, PICTURE, PICTURE, 3], dtype: 'uint8' },
      targets: { shape: [BATCH, GRID, GRID, CELL] },
      rate: { shape: [] },
      adamCorrection: { shape: [] },
      decay: { shape: [] },
    },
    convolution: loweringFor('cpu'),
    // The same sums on every machine, whatever its number of cores.
    session: { intraOpNumThreads: 1 },
  });
  const batches = new ViewBatches(photos, seed);
  const steps = Math.ceil(views / BATCH);
  let batch = batches.next();
  for (let t = 1; t <= steps; t++) {
    const { first, second } = adamCorrections(BETA1, BETA2, t);
    const rate = RATE * schedule(t / steps);
    const running = program.run({
      ...batch,
      rate: Float32Array.of(rate / first),
      adamCorrection: Float32Array.of(1 / Math.sqrt(second)),
      decay: Float32Array.of(rate * DECAY),
    });
    // Drawn while the step is computed.
    if (t < steps) batch = batches.next();
    const { loss } = await running;
    onStep({ step: t, steps, loss: loss!.data[0]! });
  }
  const values = await state.read();
  await program.dispose();
  await state.dispose();
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, values[name]!]));
}

/** Share of the full rate after a share of the steps. */
function schedule(progress: number): number {
  if (progress < WARM_UP) return progress / WARM_UP;
  return 0.5 * (1 + Math.cos((Math.PI * (progress - WARM_UP)) / (1 - WARM_UP)));
}

/** Batches of random views, each photo once per round. */
class ViewBatches {
  readonly #photos: readonly LabelledPhoto[];
  readonly #stream: UniformStream;
  #order: number[] = [];

  constructor(photos: readonly LabelledPhoto[], seed: number) {
    this.#photos = photos;
    this.#stream = new UniformStream(deriveSeed(seed, 'views'));
  }

  next(): { pictures: Uint8Array; targets: Float32Array } {
    const bytes = PICTURE * PICTURE * 3;
    const pictures = new Uint8Array(BATCH * bytes);
    const targets = new Float32Array(BATCH * GRID * GRID * CELL);
    for (let n = 0; n < BATCH; n++) {
      const faces = this.#view(pictures.subarray(n * bytes, (n + 1) * bytes));
      faceTargets(faces, targets.subarray(n * GRID * GRID * CELL, (n + 1) * GRID * GRID * CELL));
    }
    return { pictures, targets };
  }

  #view(out: Uint8Array): Face[] {
    const kind = this.#stream.next();
    if (kind < DRAWN || (kind < DRAWN + BACKGROUNDS && !backgroundView(this.#photo(), this.#stream, out))) {
      drawnScene(this.#stream, out);
      return [];
    }
    return kind < DRAWN + BACKGROUNDS ? [] : faceView(this.#photo(), this.#stream, out);
  }

  #photo(): LabelledPhoto {
    if (this.#order.length === 0) {
      this.#order = this.#photos.map((_, i) => i);
      for (let i = this.#order.length - 1; i > 0; i--) {
        const j = this.#stream.nextInt(i + 1);
        [this.#order[i], this.#order[j]] = [this.#order[j]!, this.#order[i]!];
      }
    }
    return this.#photos[this.#order.pop()!]!;
  }
}
