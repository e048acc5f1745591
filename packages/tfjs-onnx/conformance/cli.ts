/** @module `pnpm --filter tfjs-onnx conformance`: TF.js's own specs, each kernel run by ONNX Runtime, and the table CONFORMANCE.md. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { SpecResult } from './suite-report.ts';
import { conformanceTable } from './table.ts';

const here = import.meta.dirname;
// Inside the package, so that the bundle finds the modules that it does not contain.
const cache = join(here, '../.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'conformance-'));
try {
  const file = join(folder, 'suite.mjs');
  const bundle = await rolldown({
    input: join(here, 'suite.ts'),
    platform: 'node',
    external: [/^onnxruntime-/, /^jasmine-core/],
    // TF.js declares its specs free of side effects.
    treeshake: false,
    resolve: { mainFields: ['module', 'main'] },
    onLog: () => {},
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  const results = join(folder, 'results.json');
  const { status } = spawnSync(process.execPath, ['--no-maglev', file], {
    stdio: 'inherit',
    env: { ...process.env, RESULTS: results },
  });
  if (status !== 0) process.exit(status ?? 1);
  const specs: SpecResult[] = JSON.parse(readFileSync(results, 'utf8'));
  if (process.argv[2] === '--failures') {
    for (const { name, status, message, calls } of specs)
      if (status === 'failed') console.log(`${name}\n    ${message}\n    ${JSON.stringify(calls)}`);
  }
  const { markdown, summary } = conformanceTable(specs);
  writeFileSync(join(here, '../CONFORMANCE.md'), markdown);
  console.log(summary);
} finally {
  rmSync(folder, { recursive: true });
}
