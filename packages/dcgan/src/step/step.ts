/**
 * @module One training step as a function of tensors. ONNX Runtime's backend traces it once and runs the graph each step;
 * TensorFlow's runs the function itself.
 *
 * 1. Inputs: the state (all tensors of a run, see state.ts), a batch (photos, z, augmentation numbers) and the scalars of
 *    Adam and of the moving average. Photos are scaled from bytes to [-1, 1].
 * 2. Forward: G makes fakes from z, with batch statistics; photos and fakes are augmented.
 * 3. D: its loss on both, plus R1 in a penalised step; gradients; Adam gives the new D. Frozen layers have no gradients and
 *    stay as they are.
 * 4. G: its loss through the new D, on the same z and the same augmentation; gradients; Adam gives the new G.
 * 5. The moving average moves towards the new G. Outputs: the numbers of step-numbers.ts.
 *
 * D's and G's losses both evaluate G(z) on the same tensors, so the traced graph holds it once. R1 is lazy (computed in one of
 * `r1Every` steps), and a graph has no branches: `penalise` chooses between two programs, with and without R1.
 */
import type { NamedSpecs, Step } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { normaliseByBatch, normaliseByStatistics } from '../networks/batch-norm.ts';
import { discriminator, discriminatorParameters, trainedParameters } from '../networks/discriminator.ts';
import { generator, generatorParameters } from '../networks/generator.ts';
import type { Tensors } from '../networks/network.ts';
import { powerIteration, spectrallyNormalised } from '../networks/spectral-norm.ts';
import { adam } from './adam.ts';
import { AUGMENT_NUMBERS, type AugmentPolicy, augment } from './augment.ts';
import { gradientPenalty, type LossName, losses } from './losses.ts';
import { movingAverage } from './moving-average.ts';
import { averagedGenerator, type StateConfig } from './state.ts';

export interface StepConfig extends StateConfig {
  readonly batch: number;
  readonly loss: LossName;
  readonly beta1: number;
  readonly beta2: number;
  readonly augment: readonly AugmentPolicy[];
  /** Weight gamma of R1. */
  readonly r1: number;
  /** Number of D's first layers that are not trained. */
  readonly freezeD: number;
  /** R1 is computed every r1Every steps, with its weight multiplied by r1Every (StyleGAN2's lazy regularisation). */
  readonly r1Every: number;
}

/**
 * Loss scale of mixed precision: losses are multiplied by it and gradients divided by it before Adam, so that they don't
 * vanish in float16 (Micikevicius et al. 2018, arXiv:1710.03740). Measured on fresh and on trained networks: without it up to
 * 15 % of the numbers in a backward pass became 0 and a gradient was up to 2 % off in norm (56 % and 7 % with R1). With it, all
 * are as exact as float16 allows, and hundreds of times below its largest number. A dynamic scale would have to detect
 * infinities, which WebGPU's shaders may assume not to occur.
 */
export const LOSS_SCALE = 2 ** 8;

/** Names, shapes and types of a step's inputs besides the state. */
export function stepInputs({ batch, size, latent }: StepConfig): NamedSpecs {
  return {
    // Photos as bytes.
    real: { shape: [batch, size, size, 3], dtype: 'uint8' },
    z: { shape: [batch, latent] },
    augmentReal: { shape: [batch, AUGMENT_NUMBERS] },
    augmentFake: { shape: [batch, AUGMENT_NUMBERS] },
    // Adam's factors, see adam.ts. The correction of the second moment is the same for D and G.
    rateD: { shape: [] },
    rateG: { shape: [] },
    adamCorrection: { shape: [] },
    emaDecay: { shape: [] },
  };
}

/** Photos as bytes [N, H, W, 3], scaled to [-1, 1]. */
export const photosFromBytes = (bytes: tf.Tensor): tf.Tensor4D =>
  tf.div(tf.sub(tf.cast(bytes, 'float32'), 127.5), 127.5);

/** Value of a loss, and its gradients under the names of `parameters`. `lossScale` scales the backward pass only. */
function differentiate(
  loss: (parameters: Tensors) => tf.Tensor,
  parameters: Tensors,
  lossScale: number,
): { value: tf.Tensor; gradients: Tensors } {
  const names = Object.keys(parameters);
  const named = (tensors: tf.Tensor[]): Tensors => Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(named(tensors)) as tf.Scalar)(
    Object.values(parameters),
    tf.scalar(lossScale),
  );
  return { value, gradients: named(lossScale === 1 ? grads : grads.map((gradient) => tf.div(gradient, lossScale))) };
}

const pick = (tensors: Tensors, names: Iterable<string>): Tensors =>
  Object.fromEntries(Array.from(names, (name) => [name, tensors[name]!]));

/**
 * One training step of a GAN (Goodfellow et al. 2014, algorithm 1, with one step of D): D learns to tell a batch of photos
 * from a batch of fakes, then G learns to raise the logits that the new D gives the same fakes. See the top of this file.
 *
 * @param penalise whether D's loss includes R1 (and R2, for losses that penalise fakes).
 * @param lossScale a power of two, for mixed precision: see LOSS_SCALE.
 * @returns a function of the state and `stepInputs` that gives the new state and the numbers of a step (step-numbers.ts).
 */
export function trainingStep(
  config: StepConfig,
  { penalise, lossScale = 1 }: { penalise: boolean; lossScale?: number },
): Step {
  const namesD = Object.keys(discriminatorParameters(config));
  const trainedD = trainedParameters(config, config.freezeD);
  const namesG = Object.keys(generatorParameters(config));
  const objective = losses[config.loss];

  return (state, inputs) => {
    const { z, augmentReal, augmentFake } = inputs as Record<string, tf.Tensor4D>;
    const real = photosFromBytes(inputs['real']!);
    const statistics: Tensors = {};
    const fake = generator(config, state, z!, normaliseByBatch(state, statistics));
    const seenReal = augment(real, augmentReal!, config.augment);
    const seenFake = augment(fake, augmentFake!, config.augment);

    const before = pick(state, namesD);
    const singular = powerIteration(config, state);
    const logits = (parameters: Tensors, x: tf.Tensor4D) => {
      const tensors = spectrallyNormalised(config, parameters, singular);
      return discriminator(config, tensors, x, normaliseByBatch(tensors));
    };
    const D = differentiate(
      (trained) => {
        const parameters = { ...before, ...trained };
        const loss = objective.discriminator(logits(parameters, seenReal), logits(parameters, seenFake));
        if (!penalise) return loss;
        const penalty = (x: tf.Tensor4D) =>
          gradientPenalty((pictures) => logits(parameters, pictures), x, config.r1 * config.r1Every);
        const penalised = tf.add(loss, penalty(seenReal));
        return objective.penalisesFakes ? tf.add(penalised, penalty(seenFake)) : penalised;
      },
      pick(state, trainedD),
      lossScale,
    );
    const optimise = (gradients: Tensors, rate: tf.Tensor) =>
      adam(state, gradients, rate, inputs['adamCorrection']!, config.beta1, config.beta2);
    const nextD = optimise(D.gradients, inputs['rateD']!);

    const parametersD = { ...before, ...pick(nextD, trainedD) };
    const G = differentiate(
      (parameters) => {
        const pictures = generator(config, parameters, z!, normaliseByBatch(parameters));
        const fakeLogits = logits(parametersD, augment(pictures, augmentFake!, config.augment));
        return objective.generator(() => logits(parametersD, seenReal), fakeLogits);
      },
      pick(state, namesG),
      lossScale,
    );
    const nextG = optimise(G.gradients, inputs['rateG']!);

    const [realLogits, fakeLogits] = [logits(before, seenReal), logits(before, seenFake)];
    const confidence = objective.confidence(realLogits, fakeLogits);
    return {
      state: {
        ...nextD,
        ...nextG,
        ...statistics,
        ...singular.u,
        ...movingAverage(config, state, { ...nextG, ...statistics }, inputs['emaDecay']!),
      },
      outputs: {
        lossD: D.value,
        lossG: G.value,
        dReal: confidence.real,
        dFake: confidence.fake,
        signReal: objective.signReal(realLogits, fakeLogits),
        diversity: diversity(fake),
      },
    };
  };
}

/** Standard deviation over the batch, mean over pixels and channels: a scalar. */
function diversity(x: tf.Tensor4D): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, 0, true));
  return tf.mean(tf.sqrt(tf.mean(tf.mul(centred, centred), 0)));
}

/** Samples G (see averagedGenerator) with running statistics: z [N, latent] -> pictures [N, size, size, 3] in [-1, 1]. */
export function samplingStep(config: StateConfig): Step {
  return (state, { z }) => {
    const tensors = averagedGenerator(config, state);
    return { outputs: { pictures: generator(config, tensors, z!, normaliseByStatistics(tensors)) } };
  };
}
