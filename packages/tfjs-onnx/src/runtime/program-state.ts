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
 * On the CPU each tensor has two buffers that programs write in turn, so a million steps allocate nothing. On a GPU
 * they stay in device memory; `read` brings a copy to the host.
 */
export class ProgramState {
  readonly specs: NamedSpecs;
  readonly provider: Provider;
  #current = new Map<string, Tensor>();
  #spare = new Map<string, Tensor>();
  #reader: InferenceSession | undefined;

  /** @param initial values of every spec in logical row-major order. */
  constructor(specs: NamedSpecs, initial: NamedValues, provider: Provider = 'cpu') {
    this.specs = specs;
    this.provider = provider;
    for (const [name, spec] of Object.entries(specs)) {
      const shape = physicalShape(spec.shape, orderOf(spec));
      this.#current.set(name, new Tensor('float32', new Float32Array(sizeOf(shape)), shape));
    }
    this.write(initial);
  }

  /** Replaces tensors by name. @throws Error for an unknown name, a missing tensor or a wrong length. */
  write(values: NamedValues): void {
    for (const [name, spec] of Object.entries(this.specs)) {
      const data = values[name];
      if (!data) throw new Error(`state '${name}' is missing`);
      if (data.length !== sizeOf(spec.shape))
        throw new Error(
          `state '${name}' has ${data.length} values, its shape [${spec.shape}] needs ${sizeOf(spec.shape)}`,
        );
      const order = orderOf(spec);
      const physical = permute(data, spec.shape, order);
      this.replace(name, new Tensor('float32', physical, physicalShape(spec.shape, order)));
    }
  }

  /** Copies of all tensors in logical row-major order. */
  async read(): Promise<NamedValues> {
    const onDevice = [...this.#current.values()].some((tensor) => tensor.location !== 'cpu');
    const host = onDevice ? await this.#readDevice() : Object.fromEntries(this.#current);
    return Object.fromEntries(
      Object.entries(this.specs).map(([name, spec]) => {
        const order = orderOf(spec);
        const inverse = identityOrder(order.length).map((axis) => order.indexOf(axis));
        return [name, permute(host[name]!.data as Float32Array, physicalShape(spec.shape, order), inverse)];
      }),
    );
  }

  tensor(name: string): Tensor {
    return this.#current.get(name)!;
  }

  /** Buffer that a run may write the next value of `name` into, or null where the device allocates. */
  target(name: string): Tensor | null {
    if (this.provider !== 'cpu') return null;
    const spare = this.#spare.get(name);
    if (spare) return spare;
    const { dims } = this.tensor(name);
    return new Tensor('float32', new Float32Array(sizeOf(dims)), dims);
  }

  replace(name: string, tensor: Tensor): void {
    const previous = this.#current.get(name);
    this.#current.set(name, tensor);
    if (!previous || previous === tensor) return;
    if (previous.location === 'cpu') this.#spare.set(name, previous);
    else previous.dispose();
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
    for (const tensor of this.#current.values()) if (tensor.location !== 'cpu') tensor.dispose();
    this.#current.clear();
    this.#spare.clear();
    await this.#reader?.release();
  }
}

export const orderOf = (spec: TensorSpec): readonly number[] => spec.order ?? identityOrder(spec.shape.length);

function identityModel(specs: NamedSpecs): Uint8Array {
  const builder = new GraphBuilder();
  const outputs = new Map<string, Value>();
  for (const [name, spec] of Object.entries(specs)) {
    outputs.set(name, builder.input(`in/${name}`, physicalShape(spec.shape, orderOf(spec)), 'float32'));
  }
  return encodeOnnx(collectGraph(builder.inputs.values(), outputs));
}
