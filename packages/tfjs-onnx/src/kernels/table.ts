import { batchNormLowerings } from './batch-norm.ts';
import { convolutionLowerings } from './convolution.ts';
import { depthwiseLowerings } from './depthwise.ts';
import { elementwiseLowerings } from './elementwise.ts';
import { imageLowerings } from './image.ts';
import type { LoweringTable } from './lowering.ts';
import { matmulLowerings } from './matmul.ts';
import { poolLowerings } from './pool.ts';
import { reduceLowerings } from './reduce.ts';
import { shapeLowerings } from './shape.ts';

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
};
