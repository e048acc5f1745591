import { defineConfig } from 'vitest/config';

// The tests in package-tests/ are a project of their own, which builds, packs and installs the package first.
export default defineConfig({ test: { name: 'client', include: ['src/**/*.test.ts'] } });
