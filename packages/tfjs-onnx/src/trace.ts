import * as tf from '@tensorflow/tfjs-core';
import { collectGraph, type Graph } from './graph/graph.ts';
import { GraphBuilder } from './graph/graph-builder.ts';
import { identityOrder, physicalShape } from './graph/traced.ts';
import type { Value } from './graph/types.ts';
import type { ConvolutionLowering } from './kernels/lowering.ts';
import { graphValueOf, symbolicTensor, TRACING_BACKEND, TraceError, tracingBackend } from './tracing-backend.ts';

/** A named tensor at the border of a graph. */
export interface TensorSpec {
  /** Logical shape, as TF.js sees it. */
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32' | 'bool';
  /** Physical axis order in the graph: axis `i` there is logical axis `order[i]`. Row-major if absent. */
  readonly order?: readonly number[];
}

export type NamedSpecs = Readonly<Record<string, TensorSpec>>;
export type NamedTensors = Record<string, tf.Tensor>;

export interface TraceOptions {
  /** Physical order of outputs that should not be row-major, by name. */
  readonly outputOrders?: Readonly<Record<string, readonly number[]>>;
  readonly convolution?: ConvolutionLowering;
}

/**
 * Runs `fn` once on symbolic tensors and returns the graph of what it computed.
 *
 * `fn` may use everything TF.js offers, its gradients too, as long as each kernel has a lowering and no value is read.
 * Tensors made outside become constants. The graph has one input for each spec and one output for each tensor returned.
 *
 * @throws TraceError naming the kernel and the calling line for a kernel without lowering or a value that is read.
 * @example
 * const graph = trace(({ x }) => ({ y: tf.tanh(x) }), { x: { shape: [4] } });
 */
export function trace(
  fn: (inputs: NamedTensors) => NamedTensors,
  inputs: NamedSpecs,
  options: TraceOptions = {},
): Graph {
  const engine = tf.engine();
  const previous = engine.backendName;
  const builder = new GraphBuilder();
  tracingBackend.begin(builder, options.convolution ?? 'conv');
  try {
    // The backend's factory is synchronous, and then so is this: the promise has nothing left to do.
    void tf.setBackend(TRACING_BACKEND);
    const outputs = new Map<string, Value>();
    engine.tidy(() => {
      const tensors: NamedTensors = {};
      for (const [name, { shape, dtype = 'float32', order = identityOrder(shape.length) }] of Object.entries(inputs)) {
        const value = builder.input(name, physicalShape(shape, order), dtype);
        tensors[name] = symbolicTensor({ shape, order, value });
      }
      for (const [name, tensor] of Object.entries(fn(tensors))) {
        if (!(tensor instanceof tf.Tensor))
          throw new TraceError(`output '${name}' of the traced function is not a tensor`);
        outputs.set(name, graphValueOf(tensor, builder, options.outputOrders?.[name] ?? identityOrder(tensor.rank)));
      }
    });
    return collectGraph(builder.inputs.values(), outputs);
  } finally {
    tracingBackend.end();
    if (previous) void tf.setBackend(previous);
  }
}
