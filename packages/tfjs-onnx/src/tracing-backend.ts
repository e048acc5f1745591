import * as tf from '@tensorflow/tfjs-core';
import { callSite, stackFrames } from './call-site.ts';
import type { GraphBuilder } from './graph/graph-builder.ts';
import { permute } from './graph/graph-builder.ts';
import { identityOrder, materialise, physicalShape, rowMajor, type Traced } from './graph/traced.ts';
import type { ConstantData, ElementType } from './graph/types.ts';
import { cast } from './kernels/elementwise.ts';
import { elementTypeOf, type LoweringContext } from './kernels/lowering.ts';
import { loweringTable } from './kernels/table.ts';
import './register-gradients.ts';

/** Name of the TF.js backend that records instead of computing. */
export const TRACING_BACKEND = 'tfjs-onnx';

/** TF.js's names of the functions that draw random numbers, as stack traces show them; an `@` follows in Firefox and Safari. */
const RANDOM = /\b(random\w*?|truncatedNormal|rand)_(?:_op)?[ @]/;

/** A traced function did something that a graph cannot represent. The message names it and the calling line. */
export class TraceError extends Error {
  override name = 'TraceError';
}

function constantType(dtype: tf.DataType): ElementType {
  try {
    return elementTypeOf(dtype);
  } catch (error) {
    throw new TraceError(`${(error as Error).message}; the tensor is used at ${callSite()}`);
  }
}

/**
 * A TF.js backend that computes nothing: every kernel call becomes ONNX nodes. TF.js's automatic differentiation runs on
 * it unchanged, so it records the forward pass, the backward pass and the optimiser of a training step alike.
 */
class TracingBackend extends tf.KernelBackend {
  #data = new Map<tf.DataId, { traced: Traced; references: number }>();
  #adopted = new Map<tf.DataId, Map<string, Traced>>();
  #context: LoweringContext | undefined;

  get context(): LoweringContext {
    if (!this.#context)
      throw new TraceError(
        `backend '${TRACING_BACKEND}' works inside trace() only; to make tensors or compute outside of it, set another TF.js backend, such as @tensorflow/tfjs-backend-cpu`,
      );
    return this.#context;
  }

  begin(context: LoweringContext): void {
    if (this.#context) throw new TraceError('trace() was called inside a function that is being traced');
    this.#context = context;
  }

  end(): void {
    this.#context = undefined;
    this.#data.clear();
    this.#adopted.clear();
  }

  add(traced: Traced): tf.DataId {
    const dataId = {};
    this.#data.set(dataId, { traced, references: 1 });
    return dataId;
  }

  /** The tensor in an element type that TF.js has: a uint8 input as int32. */
  get(tensor: tf.TensorInfo): Traced {
    const traced = this.stored(tensor);
    return traced.value.type === 'uint8' ? cast(this.context, traced, 'int32') : traced;
  }

  /** The tensor in the element type of its graph value. */
  stored(tensor: tf.TensorInfo): Traced {
    return this.#data.get(tensor.dataId)?.traced ?? this.#adopt(tensor);
  }

  /** A tensor made outside the trace becomes a constant. Its own backend keeps it. */
  #adopt({ dataId, shape, dtype }: tf.TensorInfo): Traced {
    const { state } = tf.engine() as unknown as {
      state: { tensorInfo: WeakMap<object, { backend: tf.KernelBackend }> };
    };
    const { backend } = state.tensorInfo.get(dataId)!;
    if (backend === this)
      throw new TraceError('a tensor of an earlier trace was used; traced tensors live until trace() returns');
    // Other backends share data between tensors that differ in shape or type.
    const key = `${dtype}[${shape}]`;
    const adopted = this.#adopted.get(dataId) ?? new Map<string, Traced>();
    const traced = adopted.get(key) ?? this.#constant(backend.readSync(dataId), shape, dtype);
    this.#adopted.set(dataId, adopted.set(key, traced));
    return traced;
  }

  #constant(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType): Traced {
    const { graph } = this.context;
    const type = constantType(dtype);
    const numbers = values as ArrayLike<number>;
    const convert = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[type as 'float32'];
    // A number that is repeated is stored once, with every axis of size 1.
    const first = numbers[0];
    if (numbers.length > 1 && Array.prototype.every.call(numbers, (number: number) => Object.is(number, first))) {
      return {
        ...rowMajor(
          graph.constant(
            convert.of(first!),
            shape.map(() => 1),
            type,
          ),
        ),
        shape,
      };
    }
    return rowMajor(graph.constant(convert.from(numbers), shape, type), shape);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    if (!values) throw new TraceError('a tensor without values cannot be traced');
    const random = stackFrames().find((frame) => RANDOM.test(frame));
    if (random)
      throw new TraceError(
        `the traced function draws random numbers with tf.${RANDOM.exec(random)![1]} at ${callSite()}: every run would get the same ones; draw them outside and pass them as an input`,
      );
    return this.add(this.#constant(values, shape, dtype));
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.#data.set(dataId, { traced: this.#constant(values, shape, dtype), references });
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const traced = this.#data.get(dataId)?.traced;
    if (!traced)
      throw new TraceError('a tensor of an earlier trace was read; traced tensors live until trace() returns');
    const { shape, order, value } = traced;
    const { constant } = value;
    if (!constant) {
      throw new TraceError(
        `the traced function reads the value of a tensor [${shape}] that is only known when the graph runs, at ${callSite()}; keep the computation in TF.js operations (tf.where instead of if)`,
      );
    }
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (constant.length === 1 && size !== 1)
      return (constant.constructor as Float32ArrayConstructor).from({ length: size }, () => Number(constant[0]));
    const inverse = identityOrder(shape.length).map((axis) => order.indexOf(axis));
    return permute(constant as ConstantData, physicalShape(shape, order), inverse) as tf.BackendValues;
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const data = this.#data.get(dataId);
    if (data && (--data.references <= 0 || force)) this.#data.delete(dataId);
    return true;
  }

  override refCount(dataId: tf.DataId): number {
    return this.#data.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: tf.DataId): void {
    const data = this.#data.get(dataId);
    if (data) data.references++;
  }

  override numDataIds(): number {
    return this.#data.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

export const tracingBackend = new TracingBackend();
// With priority 0 TF.js never prefers it to another backend.
tf.registerBackend(TRACING_BACKEND, () => tracingBackend, 0);

const isTensor = (value: unknown): value is tf.TensorInfo =>
  typeof value === 'object' && value !== null && 'dataId' in value;

for (const [kernelName, lower] of Object.entries(loweringTable)) {
  tf.registerKernel({
    kernelName,
    backendName: TRACING_BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const context = tracingBackend.context;
      const toFloat = kernelName === 'Cast' && attrs?.['dtype'] === 'float32';
      const operand = (tensor: tf.TensorInfo) => (toFloat ? tracingBackend.stored(tensor) : tracingBackend.get(tensor));
      const traced = Object.fromEntries(
        Object.entries(inputs)
          .filter(([, tensor]) => isTensor(tensor))
          .map(([name, tensor]) => [name, operand(tensor as tf.TensorInfo)]),
      );
      let result: Traced | readonly Traced[];
      try {
        result = lower(Array.isArray(inputs) ? Object.values(traced) : traced, attrs ?? {}, context);
      } catch (error) {
        if (error instanceof TraceError) throw error;
        throw new TraceError(`kernel '${kernelName}' at ${callSite()}: ${(error as Error).message}`, { cause: error });
      }
      const publish = (output: Traced): tf.TensorInfo => ({
        dataId: tracingBackend.add(output),
        shape: [...output.shape],
        dtype: output.value.type as tf.DataType,
      });
      return Array.isArray(result) ? result.map(publish) : publish(result as Traced);
    },
  });
}

// Every other kernel of TF.js throws when it is called.
for (const kernelName of Object.values(tf)) {
  if (typeof kernelName !== 'string' || !/^_?[A-Z]\w+$/.test(kernelName) || kernelName in loweringTable) continue;
  tf.registerKernel({
    kernelName,
    backendName: TRACING_BACKEND,
    kernelFunc: () => {
      throw new TraceError(`kernel '${kernelName}' has no lowering to ONNX; it was called at ${callSite()}`);
    },
  });
}

/** A TF.js tensor that stands for `traced`. */
export function symbolicTensor(traced: Traced): tf.Tensor {
  const dtype = traced.value.type === 'uint8' ? 'int32' : (traced.value.type as tf.DataType);
  return tf.engine().makeTensorFromTensorInfo({ dataId: tracingBackend.add(traced), shape: [...traced.shape], dtype });
}

/** The graph value of a tensor that a traced function returned, with all its elements, in physical order `order`. */
export const graphValueOf = (tensor: tf.Tensor, graph: GraphBuilder, order: readonly number[]) =>
  materialise(graph, tracingBackend.get(tensor), order);
