import type * as tf from '@tensorflow/tfjs-core';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { type Graph, usedInputs } from '../graph/graph.ts';
import { physicalShape } from '../graph/traced.ts';
import { sameShape, sizeOf } from '../graph/types.ts';
import type { ConvolutionLowering, Precision } from '../kernels/lowering.ts';
import { encodeOnnx } from '../onnx-model.ts';
import { assertSynchronous, describe, isRecord, type NamedSpecs, type NamedTensors, traceWith } from '../trace.ts';
import { TraceError } from '../tracing-backend.ts';
import type { Device } from './device.ts';
import { ERRORS, orderOf, ProgramState, unknownName } from './program-state.ts';
import { RandomCapture, type RandomInput, RandomStream } from './random-inputs.ts';
import { ASSIGNED, VARIABLE, VariableCapture, Variables } from './variables.ts';

/** Values of a tensor: Float32Array for float32, Int32Array for int32, Uint8Array for uint8 and bool. */
export type InputData = Float32Array | Int32Array | Uint8Array;

/** A result of a run, in the physical order that `outputOrders` names. */
export interface Output {
  readonly shape: readonly number[];
  readonly data: InputData;
}

/** What a program computes: from state and inputs, TF.js tensors by name, to new values of some state and to outputs. */
export type Step = (state: NamedTensors, inputs: NamedTensors) => { state?: NamedTensors; outputs?: NamedTensors };

interface StepOptions {
  readonly inputs: NamedSpecs;
  /** Physical order of outputs that should not be row-major, by name. */
  readonly outputOrders?: Readonly<Record<string, readonly number[]>>;
  /** `conv` if absent. */
  readonly convolution?: ConvolutionLowering;
  /** `fp32` if absent. */
  readonly precision?: Precision;
  /**
   * Options of ONNX Runtime's session that differ from those chosen here, such as `intraOpNumThreads`: with the same number
   * of threads a run gives the same bits again, with another number the last bits may differ.
   */
  readonly session?: InferenceSession.SessionOptions;
  /** Variables of another program, so that both read and assign the same copies. */
  readonly variables?: Variables;
  /** Seed of the random numbers that the step draws, 0 if absent. */
  readonly seed?: number;
}

/** A step without state names the device that it runs on. A step with state runs where its state lives. */
export type CompileOptions = StepOptions & ((Device & { readonly state?: never }) | { readonly state: ProgramState });

/** A traced step, compiled by ONNX Runtime, with the state that it reads and writes. */
export class Program {
  readonly graph: Graph;
  /** The TF.js variables that the step reads and assigns. */
  readonly variables: Variables;
  readonly #session: InferenceSession;
  readonly #state: ProgramState;
  readonly #inputs: NamedSpecs;
  readonly #reads: readonly string[];
  readonly #writes: readonly string[];
  readonly #outputs: readonly string[];
  readonly #readsVariables: readonly string[];
  readonly #assigns: readonly string[];

  readonly #random: readonly RandomInput[];
  readonly #stream: RandomStream;

  /** Programs are made by `compile`. */
  constructor(graph: Graph, session: InferenceSession, options: CompileOptions, parts: ProgramParts) {
    this.graph = graph;
    this.#session = session;
    this.#state = parts.state;
    this.variables = parts.variables;
    this.#inputs = options.inputs;
    this.#random = parts.random.filter(({ name }) => session.inputNames.includes(name));
    this.#stream = new RandomStream(options.seed ?? 0);
    const strip = (names: readonly string[], prefix: string) =>
      names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    this.#reads = strip(session.inputNames, STATE);
    this.#writes = strip(session.outputNames, NEXT);
    this.#outputs = strip(session.outputNames, OUTPUT);
    this.#readsVariables = strip(session.inputNames, VARIABLE);
    this.#assigns = strip(session.outputNames, ASSIGNED);
  }

  /**
   * Runs one step. The state that the step returned is replaced after the run; a run that fails replaces none of it.
   *
   * @param inputs values by name in the physical order of their specs.
   * @returns the outputs by name.
   * @throws Error naming an input that is missing, unknown, or has the wrong type or number of values; an error while
   * another program runs on the same state; ONNX Runtime's own error if the run fails.
   */
  run(inputs: Record<string, InputData>): Promise<Record<string, Output>> {
    const variables = this.variables.state;
    const run = async () => {
      const feeds = this.#inputTensors(inputs);
      for (const name of this.#reads) feeds[STATE + name] = this.#state.tensor(name);
      for (const name of this.#readsVariables) feeds[VARIABLE + name] = variables.tensor(name);
      for (const input of this.#random)
        feeds[input.name] = new this.#state.runtime.Tensor('float32', this.#stream.draw(input), input.shape);
      const results = await this.#session.run(feeds);
      for (const name of this.#writes) this.#state.replace(name, results[NEXT + name] as Tensor);
      for (const name of this.#assigns) variables.replace(name, results[ASSIGNED + name] as Tensor);
      return Object.fromEntries(
        this.#outputs.map((name) => {
          const { dims, data } = results[OUTPUT + name] as Tensor;
          return [name, { shape: dims, data: data as InputData }];
        }),
      );
    };
    const runAlone = () => this.#state.exclusively(() => variables.exclusively(run));
    return this.variables.areAssigned ? this.variables.read().then(runAlone) : runAlone();
  }

  /** Tensors of the inputs that the graph reads; the others are checked too. */
  #inputTensors(inputs: Record<string, InputData>): Record<string, Tensor> {
    for (const name of Object.keys(inputs)) if (!(name in this.#inputs)) throw unknownName('input', name, this.#inputs);
    const feeds: Record<string, Tensor> = {};
    for (const [name, spec] of Object.entries(this.#inputs)) {
      const { shape, dtype = 'float32' } = spec;
      const [data, type] = [inputs[name], ARRAYS[dtype]];
      if (!(data instanceof type) || data.length !== sizeOf(shape)) {
        const given = data ? `${data.constructor.name} of ${data.length} values` : 'missing';
        const legal = `${type.name} of ${sizeOf(shape)} values, for ${dtype} [${shape}]`;
        throw new Error(`input '${name}' is ${given}; legal: ${legal}`);
      }
      if (this.#session.inputNames.includes(INPUT + name))
        feeds[INPUT + name] = new this.#state.runtime.Tensor(
          dtype,
          data as Float32Array,
          physicalShape(shape, orderOf(spec)),
        );
    }
    return feeds;
  }

  /** Frees the session, or leaves that to the states whose tensors it made in device memory. The states live on. */
  async dispose(): Promise<void> {
    const owners = [this.#state, this.variables.state].filter(({ isOnDevice }) => isOnDevice);
    let left = owners.length;
    if (left === 0) await this.#session.release();
    for (const owner of owners)
      owner.afterwards(async () => {
        if (--left === 0) await this.#session.release();
      });
  }
}

interface ProgramParts {
  readonly state: ProgramState;
  readonly variables: Variables;
  readonly random: readonly RandomInput[];
}

export const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array };

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

/** @throws TraceError for something else than new state and outputs. */
function checkParts(result: unknown): void {
  const names = isRecord(result) ? Object.keys(result) : [describe(result)];
  const other = names.find((name) => name !== 'state' && name !== 'outputs');
  if (other !== undefined)
    throw new TraceError(
      `the step returned ${isRecord(result) ? `'${other}'` : other}; legal: { state, outputs }, each tensors by name, or {}`,
    );
}

function checkNextState(name: string, { shape, dtype }: tf.Tensor, specs: NamedSpecs): void {
  const spec = specs[name];
  if (!spec)
    throw new TraceError(`the step returned state '${name}', which is not one of: ${Object.keys(specs).join(', ')}`);
  if (!sameShape(shape, spec.shape) || dtype !== 'float32')
    throw new TraceError(`the step returned state '${name}' as ${dtype} [${shape}]; expected float32 [${spec.shape}]`);
}

/**
 * Traces `step` and compiles it with ONNX Runtime, as one graph from state and inputs to new state and outputs.
 *
 * TF.js variables that the step reads or assigns, also through an optimiser of tf.train, become state by themselves: the program keeps
 * copies, and `program.variables.writeBack()` updates the variables. Random numbers are drawn anew in each run; those with a seed of
 * their own are the same in every run, as in TF.js.
 *
 * @throws TraceError if the step cannot be traced; ONNX Runtime's own error if its provider cannot run here.
 * @example
 * import * as runtime from 'onnxruntime-node';
 * const state = new ProgramState({ w: { shape: [3] } }, { w: new Float32Array(3) }, { runtime });
 * const program = await compile(({ w }, { x }) => ({ state: { w: tf.add(w, x) }, outputs: { sum: tf.sum(w) } }), { state, inputs: { x: { shape: [3] } } });
 * const { sum } = await program.run({ x: Float32Array.of(1, 2, 3) });
 */
export async function compile(step: Step, options: CompileOptions): Promise<Program> {
  const state = options.state ?? new ProgramState({}, {}, options);
  const stateOrders = Object.fromEntries(Object.entries(state.specs).map(([name, spec]) => [name, orderOf(spec)]));
  const capturedRandom = new RandomCapture();
  const captured = new VariableCapture(capturedRandom);
  const graph = traceWith(
    (tensors) => {
      const result = step(unprefixed(tensors, STATE), unprefixed(tensors, INPUT));
      assertSynchronous(result);
      checkParts(result);
      for (const [name, tensor] of Object.entries(result.state ?? {})) checkNextState(name, tensor, state.specs);
      return { ...prefixed(result.state ?? {}, NEXT), ...prefixed(result.outputs ?? {}, OUTPUT) };
    },
    { ...prefixed(state.specs, STATE), ...prefixed(options.inputs, INPUT) },
    {
      outputOrders: { ...prefixed(stateOrders, NEXT), ...prefixed(options.outputOrders ?? {}, OUTPUT) },
      convolution: options.convolution,
      precision: options.precision,
    },
    captured,
  );
  if (graph.outputs.size === 0)
    throw new TraceError('the step returns no state and no outputs, and assigns to no variable');
  const readers = new Set([...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.values()]);
  const used = captured.used(readers);
  const variables = options.variables ?? (await Variables.on(used, state));
  for (const name of used.keys())
    if (variables.variables.get(name) !== used.get(name))
      throw new TraceError(`variable '${name}' is not one of the variables of the other program`);
  const session = await state.runtime.InferenceSession.create(encodeOnnx({ ...graph, inputs: usedInputs(graph) }), {
    executionProviders: [state.provider],
    // Threads that wait in a loop make the steps no faster, and take the cores from other processes.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    graphOptimizationLevel: 'all',
    // The pattern is one block for a whole run, which is allocated after a first run without it, beside that run's memory.
    enableMemPattern: false,
    // New state stays on the device; outputs, which are small, go to the host. Of the providers here only WebGPU can do that.
    // Its warnings say that shapes are computed on the CPU, as they should be.
    ...(state.provider === 'webgpu'
      ? { preferredOutputLocation: outputLocations(graph), logSeverityLevel: ERRORS }
      : {}),
    ...options.session,
  });
  return new Program(graph, session, options, { state, variables, random: capturedRandom.inputs });
}

const outputLocations = (graph: Graph): Record<string, 'gpu-buffer' | 'cpu'> =>
  Object.fromEntries(
    [...graph.outputs.keys()].map((name) => [
      name,
      name.startsWith(NEXT) || name.startsWith(ASSIGNED) ? 'gpu-buffer' : 'cpu',
    ]),
  );
