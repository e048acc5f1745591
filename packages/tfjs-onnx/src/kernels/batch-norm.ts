import type { Traced } from '../graph/traced.ts';
import { rowMajor } from '../graph/traced.ts';
import { elementwise } from './elementwise.ts';
import { type ChannelScale, scaledConvolution } from './folded-scale.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';

interface Statistics {
  readonly mean: Traced;
  readonly variance: Traced;
  readonly scale?: Traced;
  readonly offset?: Traced;
}

/** Batch norm by given statistics, (x - mean) / sqrt(variance + epsilon) · scale + offset, as in inference. */
const batchNorm: Lowering = (
  { x, ...statistics }: { x: Traced } & Statistics,
  { varianceEpsilon }: { varianceEpsilon: number },
  context,
) => {
  const constant = constantScale(statistics, x.shape.at(-1)!, varianceEpsilon);
  if (!constant) return normalised(context, x, statistics, varianceEpsilon);
  return scaledConvolution(context.graph, x, constant) ?? scaled(context, x, constant);
};

/** Factor and shift of each channel, if all statistics are constants of the channels. */
function constantScale(
  { mean, variance, scale, offset }: Statistics,
  channels: number,
  epsilon: number,
): ChannelScale | undefined {
  const given = [mean, variance, scale, offset].filter((tensor) => tensor !== undefined);
  if (!given.every(({ shape, value }) => shape.length === 1 && value.constant)) return undefined;
  const at = ({ value: { constant } }: Traced, i: number) => Number(constant![constant!.length === 1 ? 0 : i]);
  const factors = new Float32Array(channels);
  const shifts = new Float32Array(channels);
  for (let i = 0; i < channels; i++) {
    const factor = (scale ? at(scale, i) : 1) / Math.sqrt(at(variance, i) + epsilon);
    factors[i] = factor;
    shifts[i] = (offset ? at(offset, i) : 0) - at(mean, i) * factor;
  }
  return { factors, shifts };
}

function scaled(context: LoweringContext, x: Traced, { factors, shifts }: ChannelScale): Traced {
  const channels = (data: Float32Array) => rowMajor(context.graph.constant(data, [data.length], 'float32'));
  const product = elementwise(context, 'Mul', [x, channels(factors)]);
  return shifts.some((shift) => shift !== 0) ? elementwise(context, 'Add', [product, channels(shifts)]) : product;
}

function normalised(
  context: LoweringContext,
  x: Traced,
  { mean, variance, scale, offset }: Statistics,
  epsilon: number,
): Traced {
  const addend = { shape: [], order: [], value: context.graph.scalar(epsilon) };
  const deviation = elementwise(context, 'Sqrt', [elementwise(context, 'Add', [variance, addend])]);
  const centred = elementwise(context, 'Div', [elementwise(context, 'Sub', [x, mean]), deviation]);
  const product = scale ? elementwise(context, 'Mul', [centred, scale]) : centred;
  return offset ? elementwise(context, 'Add', [product, offset]) : product;
}

export const batchNormLowerings: LoweringTable = { FusedBatchNorm: batchNorm };
