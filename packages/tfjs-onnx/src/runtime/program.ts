import type * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Graph, usedInputs } from '../graph/graph.ts';
import { physicalShape } from '../graph/traced.ts';
import { sameShape, sizeOf } from '../graph/types.ts';
import type { ConvolutionLowering, Precision } from '../kernels/lowering.ts';
import { encodeOnnx } from '../onnx-model.ts';
import { assertSynchronous, type NamedSpecs, type NamedTensors, trace } from '../trace.ts';
import { TraceError } from '../tracing-backend.ts';
import { orderOf, ProgramState, unknownName } from './program-state.ts';

export type InputData = Float32Array | Int32Array | Uint8Array;

export interface Output {
  readonly shape: readonly number[];
  readonly data: InputData;
}

/** A step: from state and inputs, TF.js tensors by name, to new values of some state and to outputs. */
export type Step = (state: NamedTensors, inputs: NamedTensors) => { state?: NamedTensors; outputs?: NamedTensors };

export interface CompileOptions {
  readonly state?: ProgramState;
  readonly inputs: NamedSpecs;
  /** Physical order of outputs that should not be row-major, by name. */
  readonly outputOrders?: Readonly<Record<string, readonly number[]>>;
  readonly convolution?: ConvolutionLowering;
  readonly precision?: Precision;
  /** All cores if absent. The same number gives the same results bit for bit; another one may differ in the last bits. */
  readonly threads?: number;
  readonly session?: InferenceSession.SessionOptions;
}

/** A traced function compiled by ONNX Runtime, with the state it reads and writes kept on the device. */
export class Program {
  readonly graph: Graph;
  readonly #session: InferenceSession;
  readonly #state: ProgramState;
  readonly #inputs: NamedSpecs;
  readonly #reads: readonly string[];
  readonly #writes: readonly string[];
  readonly #outputs: readonly string[];

  constructor(graph: Graph, session: InferenceSession, state: ProgramState, inputs: NamedSpecs) {
    this.graph = graph;
    this.#session = session;
    this.#state = state;
    this.#inputs = inputs;
    const strip = (names: readonly string[], prefix: string) =>
      names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    this.#reads = strip(session.inputNames, STATE);
    this.#writes = strip(session.outputNames, NEXT);
    this.#outputs = strip(session.outputNames, OUTPUT);
  }

  /**
   * Runs one step; state that the step returned is replaced, all of it or, where the run fails, none.
   * @param inputs values by name in the physical order of their specs.
   * @throws Error naming an input that is missing, unknown, or has the wrong type or number of values; an error while
   * another program runs on the same state.
   */
  run(inputs: Record<string, InputData>): Promise<Record<string, Output>> {
    return this.#state.exclusively(async () => {
      const feeds = this.#inputTensors(inputs);
      for (const name of this.#reads) feeds[STATE + name] = this.#state.tensor(name);
      const results = await this.#session.run(feeds);
      for (const name of this.#writes) this.#state.replace(name, results[NEXT + name] as Tensor);
      return Object.fromEntries(
        this.#outputs.map((name) => {
          const { dims, data } = results[OUTPUT + name] as Tensor;
          return [name, { shape: dims, data: data as InputData }];
        }),
      );
    });
  }

  /** Checked even where the graph does not read them. */
  #inputTensors(inputs: Record<string, InputData>): Record<string, Tensor> {
    for (const name of Object.keys(inputs)) if (!(name in this.#inputs)) throw unknownName('input', name, this.#inputs);
    const feeds: Record<string, Tensor> = {};
    for (const [name, spec] of Object.entries(this.#inputs)) {
      const { shape, dtype = 'float32' } = spec;
      const [data, type] = [inputs[name], ARRAYS[dtype]];
      if (!(data instanceof type) || data.length !== sizeOf(shape)) {
        const given = data ? `a ${data.constructor.name} of ${data.length} values` : 'missing';
        throw new Error(
          `input '${name}' is ${given}; its shape [${shape}] needs a ${type.name} of ${sizeOf(shape)} values`,
        );
      }
      if (this.#session.inputNames.includes(INPUT + name))
        feeds[INPUT + name] = new Tensor(dtype, data as Float32Array, physicalShape(shape, orderOf(spec)));
    }
    return feeds;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** ONNX Runtime's severity level from which it writes to stderr. */
const ERRORS = 3;

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

const STATE = 'state/';
const NEXT = 'next/';
const INPUT = 'input/';
const OUTPUT = 'output/';

const prefixed = <T>(record: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));

function unprefixed(tensors: NamedTensors, prefix: string): NamedTensors {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function checkNextState(name: string, { shape, dtype }: tf.Tensor, specs: NamedSpecs): void {
  const spec = specs[name];
  if (!spec)
    throw new TraceError(`the step returned state '${name}', which is not among: ${Object.keys(specs).join(', ')}`);
  if (!sameShape(shape, spec.shape) || dtype !== 'float32')
    throw new TraceError(`the step returned state '${name}' as ${dtype} [${shape}]; expected float32 [${spec.shape}]`);
}

/**
 * Traces `step` and compiles it with ONNX Runtime as one graph: state, a batch and its noise in; new state and losses out.
 *
 * @throws TraceError where the step cannot be traced; ONNX Runtime's own error where the provider cannot run here.
 * @example
 * const state = new ProgramState({ w: { shape: [3] } }, { w: new Float32Array(3) });
 * const program = await compile(({ w }, { x }) => ({ state: { w: tf.add(w, x) }, outputs: { sum: tf.sum(w) } }), { state, inputs: { x: { shape: [3] } } });
 * const { sum } = await program.run({ x: Float32Array.of(1, 2, 3) });
 */
export async function compile(step: Step, options: CompileOptions): Promise<Program> {
  const state = options.state ?? new ProgramState({}, {});
  const stateOrders = Object.fromEntries(Object.entries(state.specs).map(([name, spec]) => [name, orderOf(spec)]));
  const graph = trace(
    (tensors) => {
      const result = step(unprefixed(tensors, STATE), unprefixed(tensors, INPUT));
      assertSynchronous(result);
      for (const [name, tensor] of Object.entries(result.state ?? {})) checkNextState(name, tensor, state.specs);
      return { ...prefixed(result.state ?? {}, NEXT), ...prefixed(result.outputs ?? {}, OUTPUT) };
    },
    { ...prefixed(state.specs, STATE), ...prefixed(options.inputs, INPUT) },
    {
      outputOrders: { ...prefixed(stateOrders, NEXT), ...prefixed(options.outputOrders ?? {}, OUTPUT) },
      ...(options.convolution ? { convolution: options.convolution } : {}),
      ...(options.precision ? { precision: options.precision } : {}),
    },
  );
  const session = await InferenceSession.create(encodeOnnx({ ...graph, inputs: usedInputs(graph) }), {
    executionProviders: [state.provider],
    // Idle threads that spin gain nothing here and starve whatever else runs on the machine.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    graphOptimizationLevel: 'all',
    // New state stays where it was computed; outputs are small and wanted here. onnxruntime-node can do so with WebGPU only.
    ...(state.provider !== 'webgpu'
      ? {}
      : // Its warnings say that shapes are computed on the CPU, as they should be.
        { preferredOutputLocation: outputLocations(graph), logSeverityLevel: ERRORS }),
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
    ...options.session,
  });
  return new Program(graph, session, state, options.inputs);
}

const outputLocations = (graph: Graph): Record<string, 'gpu-buffer' | 'cpu'> =>
  Object.fromEntries([...graph.outputs.keys()].map((name) => [name, name.startsWith(NEXT) ? 'gpu-buffer' : 'cpu']));
