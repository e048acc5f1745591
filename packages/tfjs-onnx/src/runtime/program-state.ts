import { InferenceSession, Tensor } from 'onnxruntime-node';
import { collectGraph } from '../graph/graph.ts';
import { GraphBuilder, permute } from '../graph/graph-builder.ts';
import { identityOrder, physicalShape } from '../graph/traced.ts';
import { sizeOf, type Value } from '../graph/types.ts';
import { encodeOnnx } from '../onnx-model.ts';
import type { NamedSpecs, TensorSpec } from '../trace.ts';

/** ONNX Runtime execution providers that onnxruntime-node can carry. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** Float32 values in logical row-major order, by name. */
export type NamedValues = Record<string, Float32Array>;

/**
 * Named float32 tensors that outlive a run and are shared by programs: weights, optimiser state, running averages.
 *
 * A run reads the tensors there are and its results take their place when it has succeeded, so a run that fails leaves
 * all as it was. With WebGPU they stay in device memory; `read` brings a copy to the host.
 */
export class ProgramState {
  readonly specs: NamedSpecs;
  readonly provider: Provider;
  #current = new Map<string, Tensor>();
  #reader: InferenceSession | undefined;
  #busy = false;
  #disposed = false;

  /** @param initial values of every spec in logical row-major order. */
  constructor(specs: NamedSpecs, initial: NamedValues, provider: Provider = 'cpu') {
    this.specs = specs;
    this.provider = provider;
    this.write(initial);
  }

  /**
   * Replaces all tensors by copies of `values`, or none.
   * @throws Error naming a tensor that is missing, unknown or of the wrong length.
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
      this.replace(name, new Tensor('float32', physical, physicalShape(spec.shape, order)));
    }
  }

  /** Copies of all tensors in logical row-major order. */
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

  /** Does `work` while nobody else may use the state. @throws Error where somebody does, or the state was disposed. */
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
    if (this.#busy) throw new Error('the state is in use by a program that runs; await that first');
    if (this.#disposed) throw new Error('the state was disposed');
  }

  tensor(name: string): Tensor {
    return this.#current.get(name)!;
  }

  replace(name: string, tensor: Tensor): void {
    const previous = this.#current.get(name);
    this.#current.set(name, tensor);
    if (previous !== tensor && previous?.location === 'gpu-buffer') previous.dispose();
  }

  /** `getData()` on a device tensor aborts the process, so an identity graph with host outputs brings the values over. */
  async #readDevice(): Promise<Record<string, Tensor>> {
    this.#reader ??= await InferenceSession.create(identityModel(this.specs), {
      executionProviders: [this.provider],
      preferredOutputLocation: 'cpu',
    });
    const feeds = Object.fromEntries([...this.#current].map(([name, tensor]) => [`in/${name}`, tensor]));
    const results = await this.#reader.run(feeds);
    return Object.fromEntries(Object.keys(this.specs).map((name) => [name, results[name] as Tensor]));
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#checkIdle();
    this.#disposed = true;
    for (const tensor of this.#current.values()) if (tensor.location === 'gpu-buffer') tensor.dispose();
    this.#current.clear();
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
