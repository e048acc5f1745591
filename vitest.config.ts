import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './scripts/closing-line-reporter.ts';

// onnxruntime-node reports to Microsoft on Linux unless told not to (command-line/src/run-command.ts).
process.env['ORT_DISABLE_TELEMETRY'] ??= '1';

export default defineConfig({
  test: {
    projects: ['packages/*', 'packages/client/package-tests', 'packages/web/browser-tests', 'scripts', 'bench', 'soak'],
    tags: [
      { name: 'slow', description: 'Computes for seconds, or starts processes; `pnpm test:quick` leaves it out.' },
      { name: 'other-browsers', description: 'Runs in Firefox or WebKit; only `pnpm test:browsers` runs it.' },
    ],
    reporters: ['default', new ClosingLineReporter()],
    // Training tests and browser tests each want a core; two files at a time is the most that helps on two.
    maxWorkers: 2,
  },
});
