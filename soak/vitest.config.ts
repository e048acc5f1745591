import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'soak', include: ['**/*.test.ts'] } });
