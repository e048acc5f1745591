/** @module TF.js variables as the state of a program: the weights of a model, the moments of an optimiser. */
import * as tf from '@tensorflow/tfjs-core';
import { callSite } from '../call-site.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { OIHW, physicalShape } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import type { NamedSpecs, Surroundings, TensorSpec } from '../trace.ts';
import { graphValueOf, symbolicTensor, TraceError, tracingBackend } from '../tracing-backend.ts';
import type { Device } from './device.ts';
import { type NamedValues, orderOf, ProgramState } from './program-state.ts';
import type { RandomCapture } from './random-inputs.ts';

/** Prefixes of the inputs and outputs of a graph that are variables. */
export const VARIABLE = 'variable/';
export const ASSIGNED = 'assigned/';

interface Engine {
  readonly state: { readonly registeredVariables: Record<string, tf.Variable> };
  makeVariable(initial: tf.Tensor, trainable?: boolean, name?: string, dtype?: tf.DataType): tf.Variable;
  makeTensor(values: tf.BackendValues, shape: number[], dtype: tf.DataType, backend: tf.KernelBackend): tf.Tensor;
  removeDataId(dataId: tf.DataId, backend: tf.KernelBackend): void;
}

const engine = () => tf.engine() as unknown as Engine;

interface Entry {
  readonly variable: tf.Variable;
  /** Where its values are outside of the trace. */
  readonly dataId: tf.DataId;
  /** The symbolic tensor that stood for it at first. */
  readonly symbolic: tf.DataId;
  readonly input: Value;
}

/** Convolutions read filters in ONNX's order. */
const specOf = ({ shape }: tf.Variable): TensorSpec => (shape.length === 4 ? { shape, order: OIHW } : { shape });

/**
 * While a function is traced, every float32 variable stands for an input of the graph, and what was assigned to it at the end is an
 * output. Variables that the function makes, as optimisers do in their first step, join at once, with their first values.
 */
export class VariableCapture implements Surroundings {
  readonly #entries = new Map<string, Entry>();
  #assigned = new Set<string>();
  #builder: GraphBuilder | undefined;
  #previous = '';
  readonly #assign = tf.Variable.prototype.assign;
  readonly #makeVariable = engine().makeVariable;

  readonly #random: RandomCapture;
  readonly backend: Surroundings['backend'];

  constructor(random: RandomCapture) {
    this.#random = random;
    this.backend = { random: (operation, values, shape) => random.replace(operation, values, shape, this.#builder!) };
  }

  enter(builder: GraphBuilder, previous: string): void {
    this.#builder = builder;
    this.#previous = previous;
    this.#random.enter();
    for (const variable of Object.values(engine().state.registeredVariables)) this.#stand(variable);
    const capture = this;
    const assign = this.#assign;
    tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor) {
      if (this.dtype !== 'float32')
        throw new TraceError(
          `variable '${this.name}' is ${this.dtype} and is assigned to at ${callSite()}; legal: float32`,
        );
      return assign.call(this, value);
    };
    const makeVariable = this.#makeVariable;
    Object.assign(engine(), {
      makeVariable(initial: tf.Tensor, trainable?: boolean, name?: string, dtype?: tf.DataType) {
        const values = initial.dataSync() as tf.BackendValues;
        const backend = tf.findBackend(capture.#previous);
        const real = engine().makeTensor(values, initial.shape, initial.dtype, backend);
        const variable = makeVariable.call(engine(), real, trainable, name, dtype);
        // TF.js has counted the reference at the tracing backend.
        backend.incRef(real.dataId);
        capture.#stand(variable);
        return variable;
      },
    });
  }

  #stand(variable: tf.Variable): void {
    if (variable.dtype !== 'float32') return;
    const { order, shape } = { ...specOf(variable), order: orderOf(specOf(variable)) };
    const input = this.#builder!.input(VARIABLE + variable.name, physicalShape(shape, order), 'float32');
    const { dataId } = variable;
    const symbolic = symbolicTensor({ shape, order, value: input }).dataId;
    tracingBackend.incRef(symbolic);
    this.#entries.set(variable.name, { variable, dataId, symbolic, input });
    Object.assign(variable, { dataId: symbolic });
  }

  leave(outputs: Map<string, Value>, builder: GraphBuilder): void {
    for (const [name, { variable, symbolic }] of this.#entries) {
      if (variable.dataId === symbolic) continue;
      this.#assigned.add(name);
      outputs.set(ASSIGNED + name, graphValueOf(variable, builder, orderOf(specOf(variable))));
    }
  }

  restore(): void {
    this.#random.restore();
    tf.Variable.prototype.assign = this.#assign;
    // What is on the prototype is found again when the engine has none of its own.
    delete (engine() as Partial<Engine>).makeVariable;
    for (const { variable, dataId, symbolic } of this.#entries.values()) {
      for (const id of new Set([variable.dataId, symbolic])) engine().removeDataId(id, tracingBackend);
      Object.assign(variable, { dataId });
    }
  }

  /** The variables that the graph reads or assigns. */
  used(readers: ReadonlySet<Value | null>): Map<string, tf.Variable> {
    const used = [...this.#entries].filter(([name, { input }]) => this.#assigned.has(name) || readers.has(input));
    return new Map(used.map(([name, { variable }]) => [name, variable]));
  }
}

/**
 * TF.js variables that programs read and assign. The programs have their own copies; `writeBack` updates the variables. A variable that
 * the user assigns to meanwhile, such as by `model.setWeights`, is read again before the next run.
 */
export class Variables {
  /** By name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  readonly state: ProgramState;
  /** The data that each variable had when it was copied or written back: an assignment replaces it. */
  readonly #known = new Map<tf.Variable, tf.DataId>();

  private constructor(variables: ReadonlyMap<string, tf.Variable>, state: ProgramState) {
    this.variables = variables;
    this.state = state;
    this.#know();
  }

  #know(): void {
    for (const variable of this.variables.values()) this.#known.set(variable, variable.dataId);
  }

  /** Copies of the variables' current values on a device. */
  static async on(variables: ReadonlyMap<string, tf.Variable>, device: Device): Promise<Variables> {
    const specs: NamedSpecs = Object.fromEntries([...variables].map(([name, variable]) => [name, specOf(variable)]));
    const values: NamedValues = {};
    for (const [name, variable] of variables) values[name] = (await variable.data()) as Float32Array;
    return new Variables(variables, new ProgramState(specs, values, device));
  }

  /** Gives TF.js's variables the values that the programs have computed, on the backend that TF.js uses now. */
  async writeBack(): Promise<void> {
    const values = await this.state.read();
    tf.tidy(() => {
      for (const [name, variable] of this.variables) variable.assign(tf.tensor(values[name]!, variable.shape));
    });
    this.#know();
  }

  /** Whether the user has assigned to a variable. */
  get areAssigned(): boolean {
    return [...this.#known].some(([variable, dataId]) => variable.dataId !== dataId && !variable.isDisposed);
  }

  /** Takes the values of the variables that the user has assigned to. */
  async read(): Promise<void> {
    const values = await this.state.read();
    for (const [name, variable] of this.variables)
      if (variable.dataId !== this.#known.get(variable) && !variable.isDisposed)
        values[name] = (await variable.data()) as Float32Array;
    this.state.write(values);
    this.#know();
  }
}
