/** @module A tf.layers model trained on ONNX Runtime. */
import type * as tf from '@tensorflow/tfjs-core';
import type { InferenceSession } from 'onnxruntime-common';
import { isLayersModel, type LayersModel, refuseStateful, unwrapped } from '../convert/models.ts';
import type { ConvolutionLowering } from '../kernels/lowering.ts';
import type { Device } from '../runtime/device.ts';
import { ARRAYS, compile, type InputData, type Program } from '../runtime/program.ts';
import type { NamedSpecs, TensorSpec } from '../trace.ts';
import { TraceError } from '../tracing-backend.ts';

/** What tf.LayersModel.compile takes. */
interface CompileArguments {
  readonly optimizer: string | tf.Optimizer;
  readonly loss: unknown;
  readonly metrics?: unknown;
}

/** A tf.layers model as it trains itself: what its `compile` leaves, and the function that its `fit` calls for each batch. */
interface TrainableModel extends LayersModel {
  readonly optimizer?: tf.Optimizer;
  readonly metricsNames: readonly string[];
  readonly feedOutputShapes: readonly (readonly (number | null)[] | null)[];
  compile(args: CompileArguments): void;
  makeTrainFunction(): (data: tf.Tensor[]) => tf.Tensor[];
}

export interface TrainStepOptions extends Device {
  /** As for tf.LayersModel.compile; absent if the model is compiled already. */
  readonly optimizer?: string | tf.Optimizer;
  readonly loss?: unknown;
  readonly metrics?: unknown;
  /** Seed of dropout and other random layers without a seed of their own, 0 if absent. */
  readonly seed?: number;
  /** `gemm` for the CPU, `conv` for WebGPU and CUDA, if absent. */
  readonly convolution?: ConvolutionLowering;
  readonly session?: InferenceSession.SessionOptions;
}

/** A batch: a tensor of the first axis N for each input or output of the model, or the values of one. */
export type Batch = tf.Tensor | Float32Array | readonly tf.Tensor[];

/**
 * Compiles a training step of a model: what `model.fit` does with each batch, forward, backward and optimiser, as one ONNX graph. The
 * weights and the optimiser's moments stay with ONNX Runtime between steps.
 *
 * @param model of tf.layers, compiled, or with `optimizer` and `loss` given here.
 * @throws TraceError for something else than a tf.layers model, or for one without optimiser and loss.
 * @example
 * const step = trainStep(model, { optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy', runtime });
 * for (const { xs, ys } of batches) console.log((await step.run(xs, ys)).loss);
 * await step.writeBack();
 */
export function trainStep(model: object, options: TrainStepOptions): TrainStep {
  if (!isLayersModel(model) || !('makeTrainFunction' in model))
    throw new TraceError('trainStep() takes a model of tf.layers; compile() takes any function');
  const trainable = model as unknown as TrainableModel;
  const { optimizer, loss, metrics } = options;
  if (optimizer !== undefined || loss !== undefined) {
    if (optimizer === undefined || loss === undefined)
      throw new TraceError(
        `trainStep() has ${optimizer ? 'no loss' : 'no optimizer'}; legal: both, or a compiled model`,
      );
    trainable.compile({ optimizer, loss, ...(metrics ? { metrics } : {}) });
  } else if (!unwrapped(trainable).optimizer) {
    throw new TraceError(
      'the model is not compiled; legal: trainStep(model, { optimizer, loss, … }) or a compiled model',
    );
  }
  refuseStateful(unwrapped(trainable));
  return new TrainStep(unwrapped(trainable), options);
}

/** A training step of a model. Batches of different sizes are programs of their own on the same weights. */
export class TrainStep {
  readonly #model: TrainableModel;
  readonly #options: TrainStepOptions;
  readonly #programs = new Map<string, Program>();

  /** Steps are made by `trainStep`. */
  constructor(model: TrainableModel, options: TrainStepOptions) {
    this.#model = model;
    this.#options = options;
  }

  /**
   * Trains on one batch. The first batch of a size is traced and compiled first, which takes seconds for a large model.
   *
   * @param x values of the model's inputs; typed arrays are in logical row-major order.
   * @param y targets, as `model.fit` takes them.
   * @returns the loss before the step, and the metrics, by name.
   * @throws TraceError if the step cannot be traced; Error for a batch of the wrong shape.
   */
  async run(x: Batch, y: Batch): Promise<Record<string, number>> {
    const model = this.#model;
    const values: Record<string, InputData> = {};
    const specs: NamedSpecs = {
      ...(await read(
        'x',
        x,
        model.inputs.map(({ shape }) => shape),
        values,
      )),
      ...(await read('y', y, model.feedOutputShapes, values)),
    };
    const program = await this.#program(specs);
    const outputs = await program.run(values);
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, Number(data[0])]));
  }

  async #program(inputs: NamedSpecs): Promise<Program> {
    const key = JSON.stringify(inputs);
    const known = this.#programs.get(key);
    if (known) return known;
    const { runtime, provider = 'cpu', convolution, session, seed } = this.#options;
    const first = this.#programs.values().next().value;
    const onCpu = provider === 'cpu' || provider === 'wasm';
    const program = await compile((_state, tensors) => ({ outputs: this.#train(tensors) }), {
      runtime,
      provider,
      inputs,
      session,
      seed,
      convolution: convolution ?? (onCpu ? 'gemm' : 'conv'),
      ...(first ? { variables: first.variables } : {}),
    });
    this.#programs.set(key, program);
    return program;
  }

  /** The loss and the metrics; the model's own function assigns the new weights. */
  #train(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
    const results = this.#model.makeTrainFunction()(Object.values(tensors));
    return Object.fromEntries(this.#model.metricsNames.map((name, i) => [name, results[i]!]));
  }

  /** Gives the model, and its optimiser, the values that were learned. Afterwards the model predicts with them. */
  async writeBack(): Promise<void> {
    await this.#programs.values().next().value?.variables.writeBack();
  }

  /** Frees the programs and the weights that ONNX Runtime holds. The model stays as `writeBack` left it. */
  async dispose(): Promise<void> {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const program of programs) await program.dispose();
    await programs[0]?.variables.state.dispose();
  }
}

const isTensor = (batch: Batch): batch is tf.Tensor => 'dataId' in batch;

/** Adds a batch's values by name, and returns their specs. */
async function read(
  name: string,
  batch: Batch,
  shapes: readonly (readonly (number | null)[] | null)[],
  values: Record<string, InputData>,
): Promise<Record<string, TensorSpec>> {
  const specs: Record<string, TensorSpec> = {};
  if (batch instanceof Float32Array) {
    const shape = shapes.length === 1 ? shapes[0] : undefined;
    const item = shape?.slice(1).reduce<number>((size, dimension) => size * (dimension ?? Number.NaN), 1);
    if (!shape || !item || batch.length % item !== 0)
      throw new Error(
        `${name} has ${batch.length} values; legal: tensors, or a multiple of ${item ?? 'the size'} of one item`,
      );
    values[`${name}/0`] = batch;
    specs[`${name}/0`] = { shape: [batch.length / item, ...(shape.slice(1) as number[])] };
    return specs;
  }
  const tensors = isTensor(batch) ? [batch] : batch;
  if (tensors.length !== shapes.length)
    throw new Error(`${name} is ${tensors.length} tensors; the model has ${shapes.length}`);
  for (const [i, tensor] of tensors.entries()) {
    const shape = shapes[i];
    const fits =
      !shape ||
      (tensor.rank === shape.length &&
        shape.every((size, axis) => axis === 0 || size === null || size === tensor.shape[axis]));
    if (!fits) throw new Error(`${name} has shape [${tensor.shape}]; legal: [${shape.map((size) => size ?? 'any')}]`);
    const dtype = tensor.dtype as keyof typeof ARRAYS;
    // After a cast TF.js's cpu backend keeps values in the array of the narrower type.
    values[`${name}/${i}`] = ARRAYS[dtype].from(await tensor.data());
    specs[`${name}/${i}`] = { shape: tensor.shape, dtype };
  }
  return specs;
}
