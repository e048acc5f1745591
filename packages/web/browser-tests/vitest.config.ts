import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'web-browser',
    include: ['*.test.ts'],
    // A browser on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: ['support/build-site.ts'],
  },
});
