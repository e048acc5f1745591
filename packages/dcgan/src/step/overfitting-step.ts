/**
 * @module What D says about photos that it was trained on, photos that it never saw, and fakes: one batch of each, not augmented.
 * Changes no tensor. TensorFlow's backend runs the function; ONNX Runtime's traces it, as it does with the training step.
 */
import type { NamedSpecs, Step } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { normaliseByBatch } from '../networks/batch-norm.ts';
import { discriminator } from '../networks/discriminator.ts';
import { generator } from '../networks/generator.ts';
import { powerIteration, spectrallyNormalised } from '../networks/spectral-norm.ts';
import { losses } from './losses.ts';
import { photosFromBytes, type StepConfig } from './step.ts';

/**
 * `logitReal`, `logitHeldOut`, `logitFake`: D's mean logits of photos that it is trained on, of held-out photos, and of fakes.
 * `probabilityReal`, `probabilityHeldOut`, `probabilityFake`: the mean probabilities of being real that D gives them, as
 * `dReal` and `dFake` of the training step.
 */
export const OVERFITTING_NUMBERS = [
  'logitReal',
  'logitHeldOut',
  'logitFake',
  'probabilityReal',
  'probabilityHeldOut',
  'probabilityFake',
] as const;

export type OverfittingNumbers = Record<(typeof OVERFITTING_NUMBERS)[number], number>;

/** An object with `value(name)` for each of OVERFITTING_NUMBERS. */
export const eachOverfittingNumber = (value: (name: keyof OverfittingNumbers) => number): OverfittingNumbers =>
  Object.fromEntries(OVERFITTING_NUMBERS.map((name) => [name, value(name)])) as OverfittingNumbers;

/** Names, shapes and types of the inputs. */
export function overfittingInputs({ batch, size, latent }: StepConfig): NamedSpecs {
  const photos = { shape: [batch, size, size, 3], dtype: 'uint8' } as const;
  return { real: photos, heldOut: photos, z: { shape: [batch, latent] } };
}

/**
 * Evaluates D as in a training step: batch norms with the statistics of a batch, which is all photos or all fakes, and filters
 * normalised with one more step of power iteration. Fakes are those of G in training, not of its moving average.
 *
 * @returns a function of the state and `overfittingInputs` that gives OVERFITTING_NUMBERS, scalars.
 */
export function overfittingStep(config: StepConfig): Step {
  const { confidence } = losses[config.loss];
  return (state, inputs) => {
    const D = spectrallyNormalised(config, state, powerIteration(config, state));
    const logits = (x: tf.Tensor4D) => discriminator(config, D, x, normaliseByBatch(D));
    const real = logits(photosFromBytes(inputs['real']!));
    const heldOut = logits(photosFromBytes(inputs['heldOut']!));
    const fake = logits(generator(config, state, inputs['z']!, normaliseByBatch(state)));
    const trainedOn = confidence(real, fake);
    return {
      outputs: {
        logitReal: tf.mean(real),
        logitHeldOut: tf.mean(heldOut),
        logitFake: tf.mean(fake),
        probabilityReal: trainedOn.real,
        probabilityHeldOut: confidence(heldOut, fake).real,
        probabilityFake: trainedOn.fake,
      },
    };
  };
}
