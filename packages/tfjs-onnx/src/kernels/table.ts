import type { Traced } from '../graph/traced.ts';
import { batchNormLowerings } from './batch-norm.ts';
import { complexLowering, complexLowerings } from './complex.ts';
import { convolutionLowerings } from './convolution.ts';
import { depthwiseLowerings } from './depthwise.ts';
import { elementwiseLowerings } from './elementwise.ts';
import { imageLowerings } from './image.ts';
import type { Lowering, LoweringTable } from './lowering.ts';
import { matmulLowerings } from './matmul.ts';
import { poolLowerings } from './pool.ts';
import { reduceLowerings } from './reduce.ts';
import { samplingLowerings } from './sampling.ts';
import { scatterLowerings } from './scatter.ts';
import { shapeLowerings } from './shape.ts';
import { volumeLowerings } from './volume.ts';

/** Every TF.js kernel that can be traced, by TF.js kernel name. */
export const loweringTable: LoweringTable = {
  ...elementwiseLowerings,
  ...reduceLowerings,
  ...shapeLowerings,
  ...matmulLowerings,
  ...convolutionLowerings,
  ...depthwiseLowerings,
  ...batchNormLowerings,
  ...imageLowerings,
  ...poolLowerings,
  ...volumeLowerings,
  ...samplingLowerings,
  ...scatterLowerings,
  ...complexLowerings,
};

/** The lowering of a kernel for these operands. @throws Error if it takes no complex ones. */
export function loweringOf(kernelName: string, operands: readonly Traced[]): Lowering {
  const lower = loweringTable[kernelName]!;
  return operands.some(({ imaginary }) => imaginary) ? complexLowering(kernelName, lower) : lower;
}
