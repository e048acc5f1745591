/** @module A tf.layers model trained on ONNX Runtime. */
import * as tf from '@tensorflow/tfjs-core';
import type { InferenceSession } from 'onnxruntime-common';
import { isLayersModel, type LayersModel, refuseStateful, unwrapped } from '../convert/models.ts';
import type { ConvolutionLowering } from '../kernels/lowering.ts';
import type { Device } from '../runtime/device.ts';
import { ARRAYS, compile, type InputData, type Program } from '../runtime/program.ts';
import type { NamedSpecs, NamedTensors, TensorSpec } from '../trace.ts';
import { TraceError } from '../tracing-backend.ts';
import { LearningRate } from './learning-rate.ts';

/** Name of the input that is the learning rate. */
const RATE = 'learningRate';

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
  readonly feedOutputShapes: readonly Shape[];
  compile(args: CompileArguments): void;
  /** Batches as lists in the order of inputs and outputs, checked as `fit` checks them. */
  standardizeUserDataXY(x: unknown, y: unknown, checkBatchAxis: boolean): [tf.Tensor[], tf.Tensor[]];
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

/** A batch: a tensor of the first axis N for each input or output of the model, in order or by name, or the values of one. */
export type Batch = tf.Tensor | Float32Array | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

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
  readonly #rate: LearningRate;

  /** Steps are made by `trainStep`. */
  constructor(model: TrainableModel, options: TrainStepOptions) {
    this.#model = model;
    this.#options = options;
    this.#rate = new LearningRate(model.optimizer!);
  }

  /**
   * Trains on one batch, with the learning rate that the optimiser has now. The first batch of a size is traced and compiled first,
   * which takes seconds for a large model.
   *
   * @param x values of the model's inputs; typed arrays are in logical row-major order.
   * @param y targets, as `model.fit` takes them.
   * @param sampleWeights what the loss of each item counts, [N], for each output; `model.fit` makes them of `classWeight`.
   * @returns the loss before the step, and the metrics, by name.
   * @throws TraceError if the step cannot be traced; Error for a batch of the wrong shape.
   */
  async run(x: Batch, y: Batch, sampleWeights?: Batch): Promise<Record<string, number>> {
    const { inputs, outputNames, feedOutputShapes } = this.#model;
    const shapes = inputs.map(({ shape }) => shape);
    const [xs, ys, weights] = tf.tidy(() => [
      ...this.#model.standardizeUserDataXY(asTensors('x', x, shapes), asTensors('y', y, feedOutputShapes), false),
      sampleWeights ? weightsOf(sampleWeights, outputNames) : [],
    ]);
    const values: Record<string, InputData> = {};
    const specs: Record<string, TensorSpec> = {};
    const own = new Set([x, y, sampleWeights].flatMap((batch) => (batch ? tensorsOf(batch) : [])));
    for (const [part, tensors] of Object.entries({ x: xs, y: ys, weights })) {
      for (const [i, tensor] of tensors.entries()) {
        const dtype = tensor.dtype as keyof typeof ARRAYS;
        specs[`${part}/${i}`] = { shape: tensor.shape, dtype };
        // After a cast TF.js's cpu backend keeps values in the array of the narrower type.
        values[`${part}/${i}`] = ARRAYS[dtype].from(await tensor.data());
        if (!own.has(tensor)) tensor.dispose();
      }
    }
    const program = await this.#program(specs);
    const results = await program.run({ ...values, [RATE]: Float32Array.of(this.#rate.current) });
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Number(data[0])]));
  }

  async #program(batch: NamedSpecs): Promise<Program> {
    const key = JSON.stringify(batch);
    const known = this.#programs.get(key);
    if (known) return known;
    const { runtime, provider = 'cpu', convolution, session, seed } = this.#options;
    const first = this.#programs.values().next().value;
    const onCpu = provider === 'cpu' || provider === 'wasm';
    const step = ({ [RATE]: rate, ...tensors }: NamedTensors) => {
      this.#rate.standFor(rate!);
      return { outputs: this.#train(tensors) };
    };
    const program = await this.#rate.marked(() =>
      compile((_state, tensors) => step(tensors), {
        runtime,
        provider,
        inputs: { ...batch, [RATE]: { shape: [] } },
        session,
        seed,
        convolution: convolution ?? (onCpu ? 'gemm' : 'conv'),
        ...(first ? { variables: first.variables } : {}),
      }),
    );
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

const isTensor = (batch: object): batch is tf.Tensor => 'dataId' in batch;

type Shape = readonly (number | null)[];

/** The tensors of a batch that are the user's. */
function tensorsOf(batch: Batch): readonly tf.Tensor[] {
  if (batch instanceof Float32Array) return [];
  return isTensor(batch) ? [batch] : Object.values(batch);
}

/** A batch as TF.js takes it: values become a tensor of the model's one input or output. */
function asTensors(name: string, batch: Batch, shapes: readonly Shape[]): Exclude<Batch, Float32Array> {
  if (!(batch instanceof Float32Array)) return batch;
  const item = shapes.length === 1 ? (shapes[0]!.slice(1) as number[]) : [];
  const size = item.reduce((product, dimension) => product * (dimension ?? Number.NaN), 1);
  if (shapes.length !== 1 || batch.length % size !== 0)
    throw new Error(
      `${name} has ${batch.length} values; legal: tensors, or a multiple of ${shapes.length === 1 ? size : 'the size'} of one item`,
    );
  return tf.tensor(batch, [batch.length / size, ...item]);
}

/** The sample weights of each output, in order. */
function weightsOf(batch: Batch, outputNames: readonly string[]): tf.Tensor[] {
  const tensors = tensorsOf(batch instanceof Float32Array ? tf.tensor(batch) : batch);
  const named = !isTensor(batch as tf.Tensor) && !Array.isArray(batch) && !(batch instanceof Float32Array);
  const weights = named ? outputNames.map((name) => (batch as Record<string, tf.Tensor>)[name]!) : tensors;
  if (weights.length !== outputNames.length || weights.some((tensor) => tensor?.rank !== 1))
    throw new Error(`sampleWeights; legal: a tensor [N] for each of the outputs ${outputNames.join(', ')}`);
  return [...weights];
}
