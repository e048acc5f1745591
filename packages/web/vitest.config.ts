import { defineConfig } from 'vitest/config';

// The tests in browser-tests/ are a project of their own, which builds the page first.
export default defineConfig({ test: { name: 'web', include: ['{src,build}/**/*.test.ts'], testTimeout: 60_000 } });
