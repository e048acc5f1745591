/** @module Jasmine, which TF.js's specs are written for, and the report of a run. */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { calls } from './one-operator-backend.ts';
import type { SpecResult } from './suite-report.ts';

const require = createRequire(import.meta.url);
const jasmine = require('jasmine-core').boot();
const environment = jasmine.getEnv();

/** Runs every spec and writes the results as JSON to the file named by the environment variable RESULTS. */
export async function run(): Promise<void> {
  const results: SpecResult[] = [];
  environment.addReporter({
    specStarted: () => void calls.splice(0),
    specDone: ({
      fullName,
      status,
      failedExpectations,
    }: {
      fullName: string;
      status: SpecResult['status'];
      failedExpectations: { message: string }[];
    }) => results.push({ name: fullName, status, message: failedExpectations[0]?.message, calls: calls.splice(0) }),
  });
  environment.configure({ random: false });
  await environment.execute();
  writeFileSync(process.env['RESULTS']!, JSON.stringify(results));
}
