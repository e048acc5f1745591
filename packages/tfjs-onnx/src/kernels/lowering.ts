import type { DataType } from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Traced } from '../graph/traced.ts';
import type { ElementType } from '../graph/types.ts';

/** The graph that a lowering adds to, and how it should write what it adds. */
export interface LoweringContext {
  readonly graph: GraphBuilder;
  readonly convolution: ConvolutionLowering;
  readonly precision: Precision;
}

/**
 * How convolutions are written: `conv` as ONNX Conv and ConvTranspose on NCHW, for GPUs; `gemm` as matrix products for
 * the whole batch on NHWC, with fewer multiplications where a convolution is DCGAN's 4x4 of stride 2, for the CPU.
 */
export type ConvolutionLowering = 'conv' | 'gemm';

/**
 * `mixed`: convolutions and matrix products take float16 copies of their operands and give float32 (Micikevicius et al.
 * 2018, arXiv:1710.03740); all else, and every value that outlives a run, is float32 as in `fp32`.
 */
export type Precision = 'fp32' | 'mixed';

/** biome-ignore lint/suspicious/noExplicitAny: kernels take the inputs and attributes that TF.js declares for them. */
export type KernelArguments = { readonly inputs: any; readonly attrs: any };

/** Writes one TF.js kernel as ONNX nodes. */
export type Lowering = (
  inputs: KernelArguments['inputs'],
  attrs: KernelArguments['attrs'],
  context: LoweringContext,
) => Traced | readonly Traced[];

export type LoweringTable = Readonly<Record<string, Lowering>>;

/** ONNX element type of a TF.js dtype. */
export function elementTypeOf(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`dtype '${dtype}' cannot be traced; legal: float32, int32, bool`);
}
