/** @module The code that a browser runs to check the contract from seed to z. */
export { checkTestVectors, TEST_VECTORS } from '@latent-dogs/latent/test-vectors';
