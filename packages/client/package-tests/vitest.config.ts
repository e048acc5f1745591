import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'client-package',
    include: ['*.process.test.ts'],
    // Browsers on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    globalSetup: ['support/install-package.ts'],
  },
});
