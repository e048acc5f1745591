import * as tf from '@tensorflow/tfjs-core';
import { callSite, stackFrames } from './call-site.ts';
import { type ConstantOperand, computeConstants, TRACING_BACKEND } from './constant-folding.ts';
import type { GraphBuilder } from './graph/graph-builder.ts';
import { elementsOf, materialise, rowMajor, type Traced } from './graph/traced.ts';
import type { ElementType, Value } from './graph/types.ts';
import { cast } from './kernels/elementwise.ts';
import { elementTypeOf, type LoweringContext } from './kernels/lowering.ts';
import { loweringOf, loweringTable } from './kernels/table.ts';
import './band-part.ts';
import './register-gradients.ts';

/** TF.js's names of the functions that draw random numbers, as stack traces show them; an `@` follows in Firefox and Safari. */
const RANDOM = /\b(random\w*?|truncatedNormal|rand)_(?:_op)?[ @]/;

/** A traced function did something that a graph cannot represent. The message names it and the calling line. */
export class TraceError extends Error {
  override name = 'TraceError';
}

/** What a trace does besides recording kernels. */
export interface TraceOptionsOfBackend {
  /** The backend in use before the trace. */
  readonly previous?: string | undefined;
  /** Names of tensors that become constants, such as a model's weights. */
  readonly names?: ReadonlyMap<tf.DataId, string>;
  /** Takes the place of random numbers that TF.js has drawn; undefined to keep them as constants. */
  readonly random?: (operation: string, values: Float32Array, shape: readonly number[]) => Traced | undefined;
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
  #options: TraceOptionsOfBackend = {};
  #standIn: { readonly number: number; readonly traced: Traced } | undefined;

  get context(): LoweringContext {
    if (!this.#context)
      throw new TraceError(
        `backend '${TRACING_BACKEND}' works inside trace() only; to make tensors or compute outside of it, set another TF.js backend, such as @tensorflow/tfjs-backend-cpu`,
      );
    return this.#context;
  }

  get previous(): string | undefined {
    return this.#options.previous;
  }

  begin(context: LoweringContext, options: TraceOptionsOfBackend = {}): void {
    if (this.#context) throw new TraceError('trace() was called inside a function that is being traced');
    this.#context = context;
    this.#options = options;
  }

  /** Nodes from now on are part of this, such as a layer of a model; outside of a trace it does nothing. */
  set scope(scope: string | undefined) {
    if (this.#context) this.#context.graph.scope = scope;
  }

  get scope(): string | undefined {
    return this.#context?.graph.scope;
  }

  end(): void {
    this.#context = undefined;
    this.#options = {};
    this.#standIn = undefined;
    this.#data.clear();
    this.#adopted.clear();
  }

  /** From now on in this trace a scalar takes the place of scalars of this number, and its negative that of the negative number. */
  standFor(number: number, scalar: tf.TensorInfo): void {
    this.#standIn = { number, traced: this.get(scalar) };
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
    const name = this.#options.names?.get(dataId);
    const traced = adopted.get(key) ?? this.#constant(backend.readSync(dataId), shape, dtype, name);
    this.#adopted.set(dataId, adopted.set(key, traced));
    return traced;
  }

  #constant(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType, name?: string): Traced {
    const { graph } = this.context;
    const type = constantType(dtype);
    const numbers = values as ArrayLike<number>;
    const { number, traced } = this.#standIn ?? {};
    if (traced && shape.length === 0 && type === 'float32' && Math.abs(numbers[0]!) === number)
      return numbers[0]! > 0 ? traced : rowMajor(graph.emit('Neg', [traced.value], [], 'float32'));
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
            name,
          ),
        ),
        shape,
      };
    }
    return rowMajor(graph.constant(convert.from(numbers), shape, type, name), shape);
  }

  /** The values of a tensor that is known while tracing, in logical row-major order; undefined for others. */
  constantOf(tensor: tf.TensorInfo): ConstantOperand | undefined {
    const traced = this.get(tensor);
    if (!traced.value.constant || traced.imaginary) return undefined;
    return { values: elementsOf(traced), shape: tensor.shape, dtype: tensor.dtype };
  }

  addConstant({ values, shape, dtype }: ConstantOperand): tf.TensorInfo {
    return { dataId: this.add(this.#constant(values as tf.BackendValues, shape, dtype)), shape: [...shape], dtype };
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    if (!values) throw new TraceError('a tensor without values cannot be traced');
    const random = RANDOM.exec(stackFrames().find((frame) => RANDOM.test(frame)) ?? '')?.[1];
    if (random && !this.#options.random)
      throw new TraceError(
        `the traced function draws random numbers with tf.${random} at ${callSite()}: every run would get the same ones; draw them outside and pass them as an input`,
      );
    const drawn = random && this.#options.random!(random, values as Float32Array, shape);
    if (drawn) return this.add(drawn);
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
    if (!traced.value.constant) {
      throw new TraceError(
        `the traced function reads the value of a tensor [${traced.shape}] that is only known when the graph runs, at ${callSite()}; keep the computation in TF.js operations (tf.where instead of if)`,
      );
    }
    return elementsOf(traced) as tf.BackendValues;
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const data = this.#data.get(dataId);
    if (data && --data.references > 0 && !force) return false;
    this.#data.delete(dataId);
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

export { TRACING_BACKEND };
export const tracingBackend = new TracingBackend();
// With priority 0 TF.js never prefers it to another backend.
tf.registerBackend(TRACING_BACKEND, () => tracingBackend, 0);

const isTensor = (value: unknown): value is tf.TensorInfo =>
  typeof value === 'object' && value !== null && 'dataId' in value;

/** Kernels that give constants as they are, without a node. */
const MOVES_ONLY = new Set(['Identity', 'Reshape', 'Transpose', 'ExpandDims', 'BroadcastTo']);
/** A Tile of axes of size 1 alone, which is a lazy broadcast: it needs no node either. */
const isBroadcast = (kernelName: string, { x }: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined): boolean =>
  kernelName === 'Tile' && x!.shape.every((size, axis) => size === 1 || (attrs!['reps'] as number[])[axis] === 1);
/** Gradients are left to the graph: TF.js's cpu backend has some of them wrong at the borders of windows. */
const isGradient = (kernelName: string): boolean => /Grad|Backprop/.test(kernelName);

/** Constants are computed while tracing if that makes them no larger, or not much. */
const SMALL = 1024;

/** The results of a kernel whose operands are all constants. */
function folded(kernelName: string, inputs: object, attrs: tf.NamedAttrMap | undefined, always: boolean) {
  const entries = Object.entries(inputs).filter(([, tensor]) => isTensor(tensor)) as [string, tf.TensorInfo][];
  if (entries.length === 0) return undefined;
  const constants = entries.map(([, tensor]) => tracingBackend.constantOf(tensor));
  if (constants.some((constant) => !constant)) return undefined;
  const operands = constants as ConstantOperand[];
  const named = Object.fromEntries(operands.map((operand, i) => [entries[i]![0], operand]));
  const list = Array.isArray(inputs);
  const results = computeConstants(kernelName, list ? operands : named, attrs, tracingBackend.previous);
  const size = (all: readonly ConstantOperand[]) => all.reduce((sum, { values }) => sum + values.length, 0);
  if (!results || (!always && size(results) > Math.max(size(operands), SMALL))) return undefined;
  return results.map((result) => tracingBackend.addConstant(result));
}

/** Kernels with several results, also where that is one. */
const LISTS = new Set(['SplitV', 'Unpack']);

for (const kernelName of Object.keys(loweringTable)) {
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
        const stays = MOVES_ONLY.has(kernelName) || isGradient(kernelName) || isBroadcast(kernelName, inputs, attrs);
        const constants = stays ? undefined : folded(kernelName, inputs, attrs, false);
        if (constants) return constants.length === 1 && !LISTS.has(kernelName) ? constants[0]! : constants;
        const operands = Object.values(traced);
        const lower = loweringOf(kernelName, operands);
        result = lower(Array.isArray(inputs) ? operands : traced, attrs ?? {}, context);
      } catch (error) {
        if (error instanceof TraceError) throw error;
        throw new TraceError(`kernel '${kernelName}' at ${callSite()}: ${(error as Error).message}`, { cause: error });
      }
      const publish = (output: Traced): tf.TensorInfo => ({
        dataId: tracingBackend.add(output),
        shape: [...output.shape],
        dtype: output.imaginary ? 'complex64' : (output.value.type as tf.DataType),
      });
      return Array.isArray(result) ? result.map(publish) : publish(result as Traced);
    },
  });
}

// Every other kernel of TF.js is computed if its operands are constants, and throws if not.
for (const kernelName of Object.values(tf)) {
  if (typeof kernelName !== 'string' || !/^_?[A-Z]\w+$/.test(kernelName) || kernelName in loweringTable) continue;
  tf.registerKernel({
    kernelName,
    backendName: TRACING_BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const constants = folded(kernelName, inputs, attrs, true);
      if (!constants)
        throw new TraceError(`kernel '${kernelName}' has no lowering to ONNX; it was called at ${callSite()}`);
      return constants.length === 1 ? constants[0]! : constants;
    },
  });
}

/** A TF.js tensor that stands for `traced`. */
export function symbolicTensor(traced: Traced): tf.Tensor {
  const dtype = traced.value.type === 'uint8' ? 'int32' : (traced.value.type as tf.DataType);
  return tf.engine().makeTensorFromTensorInfo({ dataId: tracingBackend.add(traced), shape: [...traced.shape], dtype });
}

/** The graph value of a tensor that a traced function returned, with all its elements, in physical order `order`. */
export const graphValueOf = (tensor: tf.TensorInfo, graph: GraphBuilder, order: readonly number[]): Value =>
  materialise(graph, tracingBackend.get(tensor), order);
