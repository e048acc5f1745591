import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'client-package',
    include: ['*.process.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['support/install-package.ts'],
  },
});
