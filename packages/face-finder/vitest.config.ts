import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'face-finder',
    include: ['src/**/*.test.ts'],
    setupFiles: ['../command-line/src/without-maglev.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
