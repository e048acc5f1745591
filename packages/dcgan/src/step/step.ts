import type { NamedSpecs, Step } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { normaliseByBatch, normaliseByStatistics } from '../networks/batch-norm.ts';
import { discriminator, discriminatorParameters } from '../networks/discriminator.ts';
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
  /** R1 is computed once in so many steps, with its weight multiplied (StyleGAN2's lazy regularisation). */
  readonly r1Every: number;
}

/**
 * What a loss is multiplied by in mixed precision, and its gradients divided by before Adam, so that they don't vanish in
 * float16 (Micikevicius et al. 2018, arXiv:1710.03740). Measured on fresh and on trained networks: without it up to 15 % of
 * the numbers in a backward pass became 0 and a gradient was up to 2 % off in norm (56 % and 7 % with R1); with it all are as
 * exact as float16 is, and hundreds of times below its largest number. A scale that adapts would have to notice infinities,
 * which WebGPU's shaders may assume away.
 */
export const LOSS_SCALE = 2 ** 8;

/** What one step takes in besides the state. */
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

/** Value of a loss, and its gradients by the names of `parameters`; on the way they are `lossScale` times as large. */
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
 * One training step of a GAN (Goodfellow et al. 2014, algorithm 1, with one step of D): D learns to tell a batch of
 * photos from a batch of fakes, then G learns to raise the logits that the new D gives the same fakes.
 *
 * Both players' use of G(z) is the same function of the same tensors, so the traced graph evaluates it once.
 *
 * @param lossScale a power of two, for mixed precision: see LOSS_SCALE.
 */
export function trainingStep(
  config: StepConfig,
  { penalise, lossScale = 1 }: { penalise: boolean; lossScale?: number },
): Step {
  const namesD = Object.keys(discriminatorParameters(config));
  const namesG = Object.keys(generatorParameters(config));
  const objective = losses[config.loss];

  return (state, inputs) => {
    const { z, augmentReal, augmentFake } = inputs as Record<string, tf.Tensor4D>;
    const real = tf.div(tf.sub(tf.cast(inputs['real']!, 'float32'), 127.5), 127.5) as tf.Tensor4D;
    const statistics: Tensors = {};
    const fake = generator(config, state, z!, normaliseByBatch(state, statistics));
    const seenReal = augment(real, augmentReal!, config.augment);
    const seenFake = augment(fake, augmentFake!, config.augment);

    const singular = powerIteration(config, state);
    const logits = (parameters: Tensors, x: tf.Tensor4D) => {
      const tensors = spectrallyNormalised(config, parameters, singular);
      return discriminator(config, tensors, x, normaliseByBatch(tensors));
    };
    const D = differentiate(
      (parameters) => {
        const loss = objective.discriminator(logits(parameters, seenReal), logits(parameters, seenFake));
        if (!penalise) return loss;
        const penalty = (x: tf.Tensor4D) =>
          gradientPenalty((pictures) => logits(parameters, pictures), x, config.r1 * config.r1Every);
        const penalised = tf.add(loss, penalty(seenReal));
        return objective.penalisesFakes ? tf.add(penalised, penalty(seenFake)) : penalised;
      },
      pick(state, namesD),
      lossScale,
    );
    const optimise = (gradients: Tensors, rate: tf.Tensor) =>
      adam(state, gradients, rate, inputs['adamCorrection']!, config.beta1, config.beta2);
    const nextD = optimise(D.gradients, inputs['rateD']!);

    const parametersD = pick(nextD, namesD);
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

    const before = pick(state, namesD);
    const confidence = objective.confidence(logits(before, seenReal), logits(before, seenFake));
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
        diversity: diversity(fake),
      },
    };
  };
}

/** How much a batch differs within itself: standard deviation over the batch, mean over pixels and channels. */
function diversity(x: tf.Tensor4D): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, 0, true));
  return tf.mean(tf.sqrt(tf.mean(tf.mul(centred, centred), 0)));
}

/** Samples G (averagedGenerator) with running statistics: z [N, latent] -> pictures [N, size, size, 3]. */
export function samplingStep(config: StateConfig): Step {
  return (state, { z }) => {
    const tensors = averagedGenerator(config, state);
    return { outputs: { pictures: generator(config, tensors, z!, normaliseByStatistics(tensors)) } };
  };
}
