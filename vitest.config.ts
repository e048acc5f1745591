import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './scripts/closing-line-reporter.ts';

export default defineConfig({
  test: {
    projects: ['packages/*', 'packages/web/browser-tests'],
    reporters: ['default', new ClosingLineReporter()],
    // Training tests and browser tests each want a core; two files at a time is the most that helps on two.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
