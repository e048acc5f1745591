import { defineConfig } from 'vitest/config';

// An export takes seconds, and tests of several packages run side by side.
export default defineConfig({
  test: {
    name: 'export',
    include: ['src/**/*.test.ts'],
    setupFiles: ['../command-line/src/without-maglev.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
