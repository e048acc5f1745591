import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import type { Graph } from '../graph/graph.ts';
import { permute } from '../graph/graph-builder.ts';
import { identityOrder, physicalShape } from '../graph/traced.ts';
import type { ConvolutionLowering } from '../kernels/lowering.ts';
import { compile, type InputData } from '../runtime/program.ts';
import { physicalInputs } from './physical-inputs.ts';
import { Random, type TestInput } from './random-values.ts';

/** What a test traces: TF.js tensors by name in, one or several tensors out. */
export type TensorFunction = (inputs: Record<string, tf.Tensor>) => tf.Tensor | readonly tf.Tensor[];

export interface CompareOptions {
  readonly inputs: Readonly<Record<string, TestInput>>;
  /** Gives the expected outputs on the cpu backend, for a function that the backend itself computes wrongly. */
  readonly reference?: TensorFunction;
  readonly seed?: number;
  readonly convolution?: ConvolutionLowering;
  /** Largest relative error of float32 outputs, by norm and by element. */
  readonly tolerance?: number;
}

interface Result {
  readonly shape: readonly number[];
  readonly data: InputData;
}

const listed = (result: tf.Tensor | readonly tf.Tensor[]): readonly tf.Tensor[] =>
  result instanceof tf.Tensor ? [result] : result;

/** The function on TF.js's own plain JavaScript backend. */
function onCpuBackend(
  fn: TensorFunction,
  inputs: CompareOptions['inputs'],
  values: Record<string, InputData>,
): Result[] {
  void tf.setBackend('cpu');
  const results: Result[] = [];
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, dtype }]) => [
        name,
        tf.tensor(values[name]!, [...shape], dtype ?? 'float32'),
      ]),
    );
    for (const tensor of listed(fn(tensors))) {
      // The cpu backend's cast leaves data of a narrower type as it is.
      const convert = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[tensor.dtype as 'float32'];
      results.push({ shape: tensor.shape, data: convert.from(tensor.dataSync()) });
    }
  });
  return results;
}

/** The function traced and run by ONNX Runtime, with inputs in the orders of their specs and outputs in random orders. */
async function traced(
  fn: TensorFunction,
  { inputs, seed = 0, convolution }: CompareOptions,
  values: Record<string, InputData>,
  ranks: readonly number[],
): Promise<{ results: Result[]; graph: Graph }> {
  const random = new Random(seed + 1);
  const orders = ranks.map((rank) => random.shuffled(identityOrder(rank)));
  const program = await compile(
    (_state, tensors) => ({
      outputs: Object.fromEntries(listed(fn(tensors)).map((tensor, i) => [String(i), tensor])),
    }),
    {
      runtime,
      inputs,
      outputOrders: Object.fromEntries(orders.map((order, i) => [i, order])),
      session: { intraOpNumThreads: 1 },
      convolution,
    },
  );
  try {
    const outputs = await program.run(physicalInputs(inputs, values));
    const results = orders.map((order, i) => {
      const { shape, data } = outputs[i]!;
      const inverse = identityOrder(order.length).map((axis) => order.indexOf(axis));
      return { shape: physicalShape(shape, inverse), data: permute(data, shape, inverse) };
    });
    return { results, graph: program.graph };
  } finally {
    await program.dispose();
  }
}

/**
 * Runs `fn` on TF.js's cpu backend and, traced, on ONNX Runtime, on the same seeded random inputs.
 *
 * @returns the graph.
 * @throws Error naming the output that differs in shape, type or values.
 */
export async function compare(fn: TensorFunction, options: CompareOptions): Promise<Graph> {
  const { inputs, reference = fn, seed = 0, tolerance = 1e-4 } = options;
  const random = new Random(seed);
  const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, random.values(input)]));
  const expected = onCpuBackend(reference, inputs, values);
  const { results, graph } = await traced(
    fn,
    options,
    values,
    expected.map(({ shape }) => shape.length),
  );
  expected.forEach((result, i) => {
    const problem = difference(results[i]!, result, tolerance);
    if (problem) throw new Error(`output ${i} of ${expected.length}, seed ${seed}: ${problem}`);
  });
  return graph;
}

/** What differs between two results, or undefined. Integers and booleans must agree exactly. */
export function difference(actual: Result, expected: Result, tolerance: number): string | undefined {
  if (String(actual.shape) !== String(expected.shape)) return `shape [${actual.shape}], expected [${expected.shape}]`;
  if (actual.data.constructor !== expected.data.constructor)
    return `type ${actual.data.constructor.name}, expected ${expected.data.constructor.name}`;
  const exact = !(expected.data instanceof Float32Array);
  let errorSquares = 0;
  let squares = 0;
  for (const [i, wanted] of expected.data.entries()) {
    const got = actual.data[i]!;
    if (Object.is(got, wanted) || got === wanted) {
      if (Number.isFinite(wanted)) squares += wanted ** 2;
      continue;
    }
    if (exact || !Number.isFinite(got) || !Number.isFinite(wanted)) return `element ${i} is ${got}, expected ${wanted}`;
    errorSquares += (got - wanted) ** 2;
    squares += wanted ** 2;
  }
  const rootMeanSquare = Math.sqrt(squares / Math.max(1, expected.data.length));
  if (Math.sqrt(errorSquares) > tolerance * Math.sqrt(squares) + 1e-7)
    return `relative error ${Math.sqrt(errorSquares / squares)} in norm`;
  // Elements that nearly cancel may be off by as much as their neighbours are.
  for (const [i, wanted] of expected.data.entries()) {
    const got = actual.data[i]!;
    if (Math.abs(got - wanted) > tolerance * (Math.abs(wanted) + rootMeanSquare) + 1e-7)
      return `element ${i} is ${got}, expected ${wanted}`;
  }
  return undefined;
}
