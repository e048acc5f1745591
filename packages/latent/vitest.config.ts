import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'latent', include: ['{src,engine-tests}/**/*.test.ts'] } });
