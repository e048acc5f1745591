import { defineConfig } from 'vitest/config';

// Hundreds of random networks are traced and run, beside tests of other packages.
export default defineConfig({
  test: {
    name: 'tfjs-onnx',
    include: ['src/**/*.test.ts', 'examples/*.test.ts'],
    setupFiles: ['../command-line/src/without-maglev.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
