import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { identityOrder, NCHW, OIHW } from '../graph/traced.ts';
import { sizeOf } from '../graph/types.ts';
import type { ConvolutionLowering, LoweringTable } from '../kernels/lowering.ts';
import { encodeOnnx } from '../onnx-model.ts';
import { compare, type TensorFunction } from './compare.ts';
import { withGradients, withLinearGradients, withPenaltyGradients } from './gradients.ts';
import { loweredKernels } from './kernel-log.ts';
import { checkModels, hasOnnxChecker } from './onnx-checker.ts';
import { Random, type TestInput } from './random-values.ts';

type Inputs = Readonly<Record<string, TestInput>>;

interface CaseOptions {
  /** Inputs to differentiate by; all float32 ones if absent. */
  readonly gradients?: readonly string[];
  /** The function is linear in its one input and works item by item: its gradient follows from its values. */
  readonly linear?: boolean;
  /** Input whose gradient is penalised, where TF.js can differentiate twice. */
  readonly penalty?: string;
  readonly tolerance?: number;
  /** Computes the same where TF.js's cpu backend lacks the kernel. */
  readonly reference?: TensorFunction;
}

/** One way to call a kernel. */
export interface LoweringCase extends CaseOptions {
  readonly inputs: Inputs;
  readonly run: TensorFunction;
}

export const example = <I extends Inputs>(
  inputs: I,
  run: (tensors: { readonly [name in keyof I]: tf.Tensor }) => tf.Tensor | readonly tf.Tensor[],
  options: CaseOptions = {},
): LoweringCase => ({ inputs, run: run as TensorFunction, ...options });

/** How the same inputs can reach a kernel; a lowering must not care. */
const arrivals: Readonly<
  Record<string, (inputs: Inputs, run: TensorFunction) => { inputs: Inputs; run: TensorFunction }>
> = {
  'in row-major order': (inputs, run) => ({ inputs, run }),
  'in the order of convolutions': (inputs, run) => ({
    inputs: mapInputs(inputs, (input, name) =>
      input.shape.length === 4 ? { ...input, order: name === 'filter' ? OIHW : NCHW } : input,
    ),
    run,
  }),
  'in random orders': (inputs, run) => {
    const random = new Random(7);
    return {
      inputs: mapInputs(inputs, (input) => ({ ...input, order: random.shuffled(identityOrder(input.shape.length)) })),
      run,
    };
  },
  'lazily broadcast': (inputs, run) => {
    const random = new Random(8);
    const axes = mapInputs(inputs, ({ shape }) => (shape.length > 0 ? random.integer(0, shape.length - 1) : undefined));
    return {
      inputs: mapInputs(inputs, (input) => ({ ...input, order: random.shuffled(identityOrder(input.shape.length)) })),
      run: (tensors) =>
        run(
          mapInputs(tensors, (tensor, name) => {
            const axis = axes[name];
            if (axis === undefined || tensor.shape[axis]! < 2) return tensor;
            const narrow = tensor.shape.map((dimension, i) => (i === axis ? 1 : dimension));
            return tf.broadcastTo(
              tf.slice(
                tensor,
                narrow.map(() => 0),
                narrow,
              ),
              tensor.shape,
            );
          }),
        ),
    };
  },
  'as constants': (inputs, run) => {
    const random = new Random(9);
    const values = mapInputs(inputs, (input) => random.values(input));
    return {
      inputs: {},
      run: () =>
        run(mapInputs(inputs, ({ shape, dtype }, name) => tf.tensor(values[name]!, [...shape], dtype ?? 'float32'))),
    };
  },
  'as one number': (inputs, run) => {
    const random = new Random(10);
    const values = mapInputs(inputs, (input) => random.values(input));
    return {
      inputs: {},
      run: () =>
        run(
          mapInputs(inputs, ({ shape, dtype }, name) =>
            sizeOf(shape) === 0
              ? tf.tensor([], [...shape], dtype)
              : tf.fill([...shape], values[name]![0]!, dtype ?? 'float32'),
          ),
        ),
    };
  },
};

function mapInputs<T, R>(record: Readonly<Record<string, T>>, change: (item: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, item]) => [name, change(item, name)]));
}

/**
 * Defines tests that compare every lowering of a table with TF.js's cpu backend: values and gradients, with the inputs
 * arriving in every way they can. A lowering without a case, and a case that does not call its kernel, fail.
 */
export function testLowerings(
  lowerings: LoweringTable,
  cases: Readonly<Record<string, readonly LoweringCase[]>>,
  convolution?: ConvolutionLowering,
): void {
  test('every lowering has a case', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(lowerings).sort());
  });

  const models = new Map<string, Uint8Array>();

  for (const [kernel, list] of Object.entries(cases)) {
    describe(kernel, () => {
      test.each(list.map((lowering, i) => ({ i, ...lowering })))('case $i', async (lowering) => {
        const { gradients = floats(lowering.inputs), linear, penalty, tolerance } = lowering;
        loweredKernels();
        for (const [arrival, arrive] of Object.entries(arrivals)) {
          const plain = arrive(lowering.inputs, lowering.run);
          const functions = [
            arrive(lowering.inputs, gradients.length > 0 ? withGradients(lowering.run, gradients) : lowering.run).run,
            ...(penalty ? [arrive(lowering.inputs, withPenaltyGradients(lowering.run, penalty, gradients)).run] : []),
          ];
          const reference = linear
            ? arrive(lowering.inputs, withLinearGradients(lowering.run as () => tf.Tensor, gradients[0]!)).run
            : lowering.reference && arrive(lowering.inputs, lowering.reference).run;
          for (const [order, run] of functions.entries()) {
            try {
              const graph = await compare(run, {
                ...(reference && order === 0 ? { reference } : {}),
                inputs: plain.inputs,
                seed: lowering.i,
                tolerance,
                convolution,
              });
              models.set(`${kernel} case ${lowering.i}, inputs ${arrival}, order ${order}`, encodeOnnx(graph));
            } catch (error) {
              const what = order === 0 ? 'values and gradients' : 'gradients of a gradient penalty';
              throw new Error(`${what}, inputs ${arrival}: ${(error as Error).message}`, { cause: error });
            }
          }
        }
        expect(loweredKernels()).toContain(kernel);
      });
    });
  }

  test.skipIf(!hasOnnxChecker)("ONNX's checker accepts all these graphs (needs Debian's python3-onnx)", () => {
    expect(checkModels(models).join('\n')).toBe('');
  });
}

const floats = (inputs: Inputs): string[] =>
  Object.entries(inputs).flatMap(([name, { dtype = 'float32' }]) => (dtype === 'float32' ? [name] : []));
