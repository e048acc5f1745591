import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { name: 'tfjs-onnx', include: ['src/**/*.test.ts'] } });
