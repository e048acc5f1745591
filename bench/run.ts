/** @module `pnpm bench`: runs the benchmarks and writes BENCHMARKS.md. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchTrainingStep } from './training-step.ts';

const load = loadavg()[0]!;
const cores = cpus();
const section = await benchTrainingStep();

const page = `# Benchmarks

Written by \`pnpm bench\` on ${new Date().toISOString().slice(0, 10)}, with Node ${process.versions.node}, on ${cores.length} cores of ${cores[0]!.model.trim()} with
${Math.round(totalmem() / 2 ** 30)} GB of memory. Load average when it began: ${load.toFixed(1)}${load > 0.5 ? ' (other programs were running: read the ratios, not the speeds)' : ''}.

${section}`;
writeFileSync(join(import.meta.dirname, '..', 'BENCHMARKS.md'), page);
console.log(page);
