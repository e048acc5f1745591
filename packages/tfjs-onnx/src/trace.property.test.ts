// @module-tag slow

import { test } from 'vitest';
import { compare } from './testing/compare.ts';
import { withGradients } from './testing/gradients.ts';
import { randomInputs, randomNetwork } from './testing/random-network.ts';
import { Random } from './testing/random-values.ts';

const NETWORKS = 320;
const GROUPS = 8;

test.each(Array.from({ length: GROUPS }, (_, group) => group))(
  'random networks and their gradients agree with the cpu backend, group %i',
  async (group) => {
    for (let seed = group; seed < NETWORKS; seed += GROUPS) {
      const inputs = randomInputs(new Random(seed));
      const convolution = seed % 3 === 0 ? 'gemm' : 'conv';
      await compare(withGradients(randomNetwork(seed), Object.keys(inputs)), { inputs, seed, convolution });
    }
  },
);
