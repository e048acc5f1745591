import * as tf from '@tensorflow/tfjs-core';
import { callSite } from './call-site.ts';
import { collectGraph, type Graph } from './graph/graph.ts';
import { GraphBuilder } from './graph/graph-builder.ts';
import { identityOrder, physicalShape } from './graph/traced.ts';
import type { Value } from './graph/types.ts';
import type { ConvolutionLowering, Precision } from './kernels/lowering.ts';
import { refuseTraining } from './refused-training.ts';
import {
  graphValueOf,
  symbolicTensor,
  TRACING_BACKEND,
  TraceError,
  type TraceOptionsOfBackend,
  tracingBackend,
} from './tracing-backend.ts';

const DTYPES = ['float32', 'int32', 'bool', 'uint8'] as const;

/** An input of a graph. */
export interface TensorSpec {
  /** Logical shape, as TF.js sees it; [] for a scalar. */
  readonly shape: readonly number[];
  /**
   * Element type, `float32` if absent. TF.js has no uint8: the traced function sees such an input as int32. `tf.cast` to
   * float32 is one Cast in the graph; every other use casts to int32 first.
   */
  readonly dtype?: (typeof DTYPES)[number];
  /** Physical axis order in the graph: axis `i` there is logical axis `order[i]`. Row-major if absent. */
  readonly order?: readonly number[];
}

/** Inputs or state by name. */
export type NamedSpecs = Readonly<Record<string, TensorSpec>>;
/** TF.js tensors by name. */
export type NamedTensors = Record<string, tf.Tensor>;

/** How a function becomes a graph. */
export interface TraceOptions {
  /** Physical order of outputs that should not be row-major, by name. */
  readonly outputOrders?: Readonly<Record<string, readonly number[]>>;
  /** `conv` if absent. */
  readonly convolution?: ConvolutionLowering;
  /** `fp32` if absent. */
  readonly precision?: Precision;
}

/**
 * Runs `fn` once on symbolic tensors and returns the graph of what it computed.
 *
 * `fn` may use every TF.js operation, and gradients, if each kernel has a lowering and no value is read. Tensors made
 * outside `fn` become constants. The graph has one input for each spec and one output for each tensor that `fn` returns.
 *
 * @param fn from tensors by name to tensors by name; not async.
 * @param inputs specs by name.
 * @throws TraceError naming the kernel and the calling line if a kernel has no lowering or a value is read; TraceError
 * naming the input or output for an invalid spec, result or order.
 * @example
 * const graph = trace(({ x }) => ({ y: tf.tanh(x) }), { x: { shape: [4] } });
 */
export function trace(
  fn: (inputs: NamedTensors) => NamedTensors,
  inputs: NamedSpecs,
  options: TraceOptions = {},
): Graph {
  return traceWith(fn, inputs, options, new FrozenVariables());
}

/** What happens to TF.js's variables and random numbers while a function is traced. */
export interface Surroundings {
  /** Names of tensors that become constants, and what becomes of random numbers. */
  readonly backend?: Pick<TraceOptionsOfBackend, 'names' | 'random'>;
  /** Called before the function runs, on the tracing backend. */
  enter(builder: GraphBuilder, previous: string): void;
  /** Called after the function has run; it may add outputs. */
  leave?(outputs: Map<string, Value>, builder: GraphBuilder): void;
  /** Called at the end in any case. */
  restore(): void;
}

/** Variables are constants, so nothing can be assigned to them. */
export class FrozenVariables implements Surroundings {
  readonly #assign = tf.Variable.prototype.assign;
  readonly backend: NonNullable<Surroundings['backend']>;

  /** @param names of tensors that become constants. */
  constructor(names?: ReadonlyMap<tf.DataId, string>) {
    this.backend = names ? { names } : {};
  }

  enter(): void {
    tf.Variable.prototype.assign = function (this: tf.Variable) {
      throw new TraceError(
        `the traced function assigns to variable '${this.name}' at ${callSite()}; a graph keeps nothing, so compile() the function or use trainStep()`,
      );
    };
  }

  restore(): void {
    tf.Variable.prototype.assign = this.#assign;
  }
}

/** `trace` with variables and random numbers as `surroundings` has them. */
export function traceWith(
  fn: (inputs: NamedTensors) => NamedTensors,
  inputs: NamedSpecs,
  { outputOrders, convolution = 'conv', precision = 'fp32' }: TraceOptions,
  surroundings: Surroundings,
): Graph {
  for (const [name, spec] of Object.entries(inputs)) checkSpec(name, spec);
  const engine = tf.engine();
  tf.backend(); // If none was chosen yet, TF.js chooses one now, which is set again at the end.
  const previous = engine.backendName;
  const builder = new GraphBuilder();
  const allowTraining = refuseTraining();
  tracingBackend.begin({ graph: builder, convolution, precision }, { previous, ...surroundings.backend });
  try {
    // The backend's factory is synchronous, so the backend is set before the promise is returned.
    void tf.setBackend(TRACING_BACKEND);
    const outputs = new Map<string, Value>();
    engine.tidy(() => {
      surroundings.enter(builder, previous);
      const tensors: NamedTensors = {};
      for (const [name, { shape, dtype = 'float32', order = identityOrder(shape.length) }] of Object.entries(inputs)) {
        const value = builder.input(name, physicalShape(shape, order), dtype);
        tensors[name] = symbolicTensor({ shape, order, value });
      }
      const results = fn(tensors);
      assertSynchronous(results);
      if (!isRecord(results))
        throw new TraceError(
          `the traced function returned ${describe(results)}; legal: an object of tensors by name, such as { y }`,
        );
      for (const [name, tensor] of Object.entries(results)) {
        if (!(tensor instanceof tf.Tensor))
          throw new TraceError(`output '${name}' of the traced function is ${describe(tensor)}; legal: a tensor`);
        if (name in inputs)
          throw new TraceError(`output '${name}' of the traced function has the name of an input; rename one of them`);
        if (tensor.dtype === 'complex64')
          throw new TraceError(
            `output '${name}' is complex64, which ONNX has no tensors of; return tf.real and tf.imag of it`,
          );
        const order = outputOrders?.[name] ?? identityOrder(tensor.rank);
        if (!isPermutation(order, tensor.rank))
          throw new TraceError(`output '${name}' [${tensor.shape}] cannot have the order [${order}]`);
        outputs.set(name, graphValueOf(tensor, builder, order));
      }
      surroundings.leave?.(outputs, builder);
    });
    return collectGraph(builder.inputs.values(), outputs);
  } catch (error) {
    disposeTape();
    throw error;
  } finally {
    allowTraining();
    surroundings.restore();
    tracingBackend.end();
    void tf.setBackend(previous);
  }
}

const isPermutation = (order: readonly number[], rank: number): boolean =>
  order.length === rank && identityOrder(rank).every((axis) => order.includes(axis));

function checkSpec(name: string, spec: TensorSpec): void {
  if (!Array.isArray(spec?.shape))
    throw new TraceError(`input '${name}' has no shape; legal: { shape: [1, 28, 28, 1], dtype: 'float32' }`);
  const { shape, dtype = 'float32', order } = spec;
  if (!DTYPES.includes(dtype))
    throw new TraceError(`input '${name}' has dtype '${dtype}'; legal: ${DTYPES.join(', ')}`);
  if (!shape.every((dimension) => Number.isInteger(dimension) && dimension >= 0))
    throw new TraceError(
      `input '${name}' has shape ${JSON.stringify(shape)}; legal: whole numbers that are not negative`,
    );
  if (order && !isPermutation(order, shape.length))
    throw new TraceError(`input '${name}' [${shape}] has order [${order}]; legal: each axis once`);
}

/** What a function returned, for messages. */
export function describe(value: unknown): string {
  if (value instanceof tf.Tensor) return 'a tensor';
  if (Array.isArray(value)) return 'a list';
  if (value === undefined) return 'nothing';
  return value instanceof Function ? 'a function' : typeof value === 'object' && value ? 'an object' : String(value);
}

/** An object with values by name. */
export const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof tf.Tensor);

/** A function that awaits has recorded only its operations before that. @throws TraceError if `result` is a promise. */
export function assertSynchronous(result: unknown): void {
  if (!(result instanceof Promise)) return;
  result.catch(() => {}); // The error below says all; a later rejection must not end the process.
  throw new TraceError('the traced function is async; values cannot be awaited while tracing, so make it synchronous');
}

/** When a gradient throws, TF.js keeps the tensors that its tape saved; this frees them. */
function disposeTape(): void {
  type Tape = { saved?: tf.Tensor[] }[];
  const { state } = tf.engine() as unknown as { state: { activeTape?: Tape | null; gradientDepth: number } };
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = null;
}
