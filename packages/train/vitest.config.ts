import { defineConfig } from 'vitest/config';

// Some tests run whole trainings in child processes, beside tests of other packages.
export default defineConfig({
  test: {
    name: 'train',
    include: ['src/**/*.test.ts'],
    setupFiles: ['../command-line/src/without-maglev.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
