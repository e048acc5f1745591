import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { collectGraph } from '../graph/graph.ts';
import { GraphBuilder, permute } from '../graph/graph-builder.ts';
import { identityOrder, physicalShape } from '../graph/traced.ts';
import { sizeOf, type Value } from '../graph/types.ts';
import { encodeOnnx } from '../onnx-model.ts';
import type { NamedSpecs, TensorSpec } from '../trace.ts';
import type { Device, Provider, Runtime } from './device.ts';

/** ONNX Runtime's severity level of errors; it logs nothing below the level it is given. */
export const ERRORS = 3;

/** Float32 values in logical row-major order, by name. */
export type NamedValues = Record<string, Float32Array>;

/**
 * Named float32 tensors that outlive a run and that several programs can share: weights, optimiser state, running averages.
 *
 * A run reads the current tensors. Its results replace them after the run has succeeded, so a run that fails changes
 * nothing. With WebGPU the tensors stay in device memory, and `read` copies them to the host.
 */
export class ProgramState {
  readonly specs: NamedSpecs;
  readonly runtime: Runtime;
  readonly provider: Provider;
  #current = new Map<string, Tensor>();
  #reader: InferenceSession | undefined;
  /** Disposed programs' sessions that may have made tensors which are still here. */
  #retired: InferenceSession[] = [];
  #busy = false;
  #disposed = false;

  /**
   * @param specs float32 tensors, in the physical order in which graphs read and write them.
   * @param initial values of every spec in logical row-major order.
   * @param device where the tensors live and the programs on this state run.
   * @throws Error naming a tensor that is not float32, or as `write` does.
   */
  constructor(specs: NamedSpecs, initial: NamedValues, { runtime, provider = 'cpu' }: Device) {
    for (const [name, { dtype = 'float32' }] of Object.entries(specs))
      if (dtype !== 'float32') throw new Error(`state '${name}' has dtype '${dtype}'; legal: float32`);
    this.specs = specs;
    this.runtime = runtime;
    this.provider = provider;
    this.write(initial);
  }

  /**
   * Replaces every tensor by a copy of its values. If it throws, it has replaced none.
   *
   * @param values of every spec in logical row-major order.
   * @throws Error naming a tensor that is missing, unknown or of the wrong length; an error while a program runs on the
   * state, and after `dispose`.
   */
  write(values: NamedValues): void {
    this.#checkIdle();
    for (const name of Object.keys(values)) if (!(name in this.specs)) throw unknownName('state', name, this.specs);
    for (const [name, { shape }] of Object.entries(this.specs)) {
      const length = values[name]?.length;
      if (length !== sizeOf(shape))
        throw new Error(`state '${name}' has ${length ?? 'no'} values, its shape [${shape}] needs ${sizeOf(shape)}`);
    }
    for (const [name, spec] of Object.entries(this.specs)) {
      const order = orderOf(spec);
      const physical = permute(values[name]!, spec.shape, order);
      this.replace(name, new this.runtime.Tensor('float32', physical, physicalShape(spec.shape, order)));
    }
  }

  /**
   * Copies of all tensors in logical row-major order.
   * @throws Error while a program runs on the state, and after `dispose`.
   */
  read(): Promise<NamedValues> {
    return this.exclusively(async () => {
      const onDevice = [...this.#current.values()].some((tensor) => tensor.location !== 'cpu');
      const host = onDevice ? await this.#readDevice() : Object.fromEntries(this.#current);
      return Object.fromEntries(
        Object.entries(this.specs).map(([name, spec]) => {
          const order = orderOf(spec);
          const inverse = identityOrder(order.length).map((axis) => order.indexOf(axis));
          return [name, permute(host[name]!.data as Float32Array, physicalShape(spec.shape, order), inverse)];
        }),
      );
    });
  }

  /** Does `work` while nothing else may use the state. @throws Error if something else uses it, or after `dispose`. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.#checkIdle();
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }

  #checkIdle(): void {
    if (this.#busy) throw new Error('the state is in use by a running program; await its run first');
    if (this.#disposed) throw new Error('the state was disposed');
  }

  /** The current tensor, in physical order: what a program reads. */
  tensor(name: string): Tensor {
    return this.#current.get(name)!;
  }

  /** Makes a program's result the current tensor and frees the device memory of the previous one. */
  replace(name: string, tensor: Tensor): void {
    const previous = this.#current.get(name);
    this.#current.set(name, tensor);
    if (previous !== tensor && previous?.location === 'gpu-buffer') previous.dispose();
  }

  /**
   * Runs an identity graph whose outputs are on the host, because `getData()` on a device tensor aborts the process in
   * onnxruntime-node.
   */
  async #readDevice(): Promise<Record<string, Tensor>> {
    this.#reader ??= await this.runtime.InferenceSession.create(identityModel(this.specs), {
      executionProviders: [this.provider],
      preferredOutputLocation: 'cpu',
      logSeverityLevel: ERRORS,
    });
    const feeds = Object.fromEntries([...this.#current].map(([name, tensor]) => [`in/${name}`, tensor]));
    const results = await this.#reader.run(feeds);
    return Object.fromEntries(Object.keys(this.specs).map((name) => [name, results[name] as Tensor]));
  }

  /**
   * Frees a session that ran on this state: now, or with the state if tensors in device memory may be the session's. Those
   * are freed by the session's allocator, so they have to go first.
   */
  async release(session: InferenceSession): Promise<void> {
    const onDevice = [...this.#current.values()].some((tensor) => tensor.location === 'gpu-buffer');
    if (onDevice) this.#retired.push(session);
    else await session.release();
  }

  /** Frees device memory. A second call does nothing. @throws Error while a program runs on the state. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#checkIdle();
    this.#disposed = true;
    for (const tensor of this.#current.values()) if (tensor.location === 'gpu-buffer') tensor.dispose();
    this.#current.clear();
    for (const session of this.#retired) await session.release();
    await this.#reader?.release();
  }
}

export const unknownName = (kind: string, name: string, known: Readonly<Record<string, unknown>>): Error =>
  new Error(`there is no ${kind} '${name}'; legal: ${Object.keys(known).join(', ') || 'none'}`);

export const orderOf = (spec: TensorSpec): readonly number[] => spec.order ?? identityOrder(spec.shape.length);

function identityModel(specs: NamedSpecs): Uint8Array {
  const builder = new GraphBuilder();
  const outputs = new Map<string, Value>();
  for (const [name, spec] of Object.entries(specs)) {
    outputs.set(name, builder.input(`in/${name}`, physicalShape(spec.shape, orderOf(spec)), 'float32'));
  }
  return encodeOnnx(collectGraph(builder.inputs.values(), outputs));
}
