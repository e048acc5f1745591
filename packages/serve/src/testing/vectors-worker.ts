/** @module A Worker that checks the seed -> z contract in workerd. */

import { checkTestVectors, TEST_VECTORS } from '@latent-dogs/latent/test-vectors';

export default {
  fetch: () => Response.json({ checked: TEST_VECTORS.length, differences: checkTestVectors() }),
};
