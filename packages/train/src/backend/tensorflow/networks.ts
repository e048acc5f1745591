/** @module The training step on TensorFlow's library, executed kernel by kernel by TensorFlow.js through tfjs-node. */

import type { Config, Tensors } from '@latent-dogs/dcgan';
import {
  eachOverfittingNumber,
  eachStepNumber,
  type Networks,
  OVERFITTING_NUMBERS,
  type OverfittingNumbers,
  overfittingInputs,
  overfittingStep,
  STEP_NUMBERS,
  type StepNumbers,
  type StepValues,
  samplingStep,
  stateDefinitions,
  stepInputs,
  trainingStep,
} from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import type { NamedSpecs, NamedValues, Step } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { loadTensorflow, TENSORFLOW, type TensorflowDevice } from './library.ts';

/** @throws UserError if TensorFlow is not set up, cannot be loaded or lacks the device, and for mixed precision. */
export async function createTensorflowNetworks(
  config: Config,
  device: TensorflowDevice,
  values: NamedValues,
): Promise<Networks> {
  if (config.precision === 'mixed')
    throw new UserError('--precision mixed: TensorFlow trains in float32 here; legal: fp32');
  await loadTensorflow(device);
  return new TensorflowNetworks(config, values);
}

class TensorflowNetworks implements Networks {
  readonly #config: Config;
  readonly #shapes: Record<string, number[]>;
  readonly #inputs: NamedSpecs;
  readonly #plain: Step;
  readonly #penalised: Step;
  readonly #sampling: Step;
  #state: Tensors = {};

  constructor(config: Config, values: NamedValues) {
    this.#config = config;
    this.#shapes = shapesOf(stateDefinitions(config));
    this.#inputs = stepInputs(config);
    this.#plain = trainingStep(config, { penalise: false });
    this.#penalised = trainingStep(config, { penalise: true });
    this.#sampling = samplingStep(config);
    this.write(values);
  }

  async step(values: StepValues, penalise: boolean): Promise<StepNumbers> {
    const { state, outputs } = onTensorflow(() => {
      const inputs = inputTensors(values, this.#inputs);
      const result = (penalise ? this.#penalised : this.#plain)(this.#state, inputs);
      // One transfer from the device instead of several.
      const read = tf.stack(STEP_NUMBERS.map((name) => result.outputs![name]!));
      return { state: result.state!, outputs: read };
    });
    const numbers = await outputs.data();
    outputs.dispose();
    this.#replace({ ...this.#state, ...state });
    return eachStepNumber((name) => numbers[STEP_NUMBERS.indexOf(name)]!);
  }

  async sample(z: Float32Array): Promise<Float32Array> {
    const pictures = onTensorflow(() => {
      const { outputs } = this.#sampling(this.#state, {
        z: tf.tensor(z, [z.length / this.#config.latent, this.#config.latent]),
      });
      return outputs!['pictures']!;
    });
    const values = (await pictures.data()) as Float32Array;
    pictures.dispose();
    return values;
  }

  async overfitting(values: StepValues): Promise<OverfittingNumbers> {
    const read = onTensorflow(() => {
      const inputs = inputTensors(values, overfittingInputs(this.#config));
      const { outputs } = overfittingStep(this.#config)(this.#state, inputs);
      return tf.stack(OVERFITTING_NUMBERS.map((name) => outputs![name]!));
    });
    const numbers = await read.data();
    read.dispose();
    return eachOverfittingNumber((name) => numbers[OVERFITTING_NUMBERS.indexOf(name)]!);
  }

  async read(): Promise<NamedValues> {
    const entries = Object.entries(this.#state);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const)),
    );
  }

  write(values: NamedValues): void {
    this.#replace(onTensorflow(() => tensorsOf(copied(values), this.#shapes)));
  }

  #replace(next: Tensors): void {
    const kept = new Set(Object.values(next));
    for (const tensor of Object.values(this.#state)) if (!kept.has(tensor)) tensor.dispose();
    this.#state = next;
  }

  async dispose(): Promise<void> {
    this.#replace({});
  }
}

/** Runs `work` on TensorFlow and frees all tensors it created except those it returns. */
function onTensorflow<T extends tf.TensorContainer>(work: () => T): T {
  // Another backend may be current. TensorFlow's is already initialised, so there is nothing to await.
  void tf.setBackend(TENSORFLOW);
  return tf.tidy(work);
}

const shapesOf = (specs: Readonly<Record<string, { readonly shape: readonly number[] }>>) =>
  Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, [...shape]]));

/** TF.js holds bytes as int32. */
const inputTensors = (values: StepValues, specs: NamedSpecs): Tensors =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      tf.tensor(values[name]!, [...shape], dtype === 'uint8' ? 'int32' : 'float32'),
    ]),
  );

const tensorsOf = (values: NamedValues, shapes: Record<string, number[]>): Tensors =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.tensor(values[name]!, shape)]));

/** TensorFlow.js passes an array to TensorFlow at its first use; the copy protects it from changes until then. */
const copied = (values: NamedValues): NamedValues =>
  Object.fromEntries(Object.entries(values).map(([name, data]) => [name, data.slice()]));
