/** @module `pnpm bench`. */
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@latent-dogs/command-line';
import { writeFileAtomically } from '@latent-dogs/files';
import { commandOf, describeConditions } from './machine.ts';
import { type BenchOptions, PARTS, type Part, parseBenchOptions } from './options.ts';
import { findPython } from './peers/python.ts';
import { replaceSection, type Section } from './section.ts';

const PAGE = join(import.meta.dirname, '..', 'BENCHMARKS.md');

/** Each is loaded when it runs: --help and mistakes wait for nothing. */
const MEASURE: Record<Part, (options: BenchOptions) => Promise<Section>> = {
  train: async (options) => (await import('./train.ts')).benchTrain(options),
  data: async (options) => (await import('./data.ts')).benchData(options),
  export: async (options) => (await import('./export.ts')).benchExport(options),
  serve: async (options) => (await import('./serve.ts')).benchServe(options),
  web: async () => (await import('./web.ts')).benchWeb(),
};

async function main(argv: readonly string[]): Promise<number> {
  const options = parseBenchOptions(argv);
  if (!options) return 0;
  // A wrong path is a mistake; a peer that is missing is none, and shows in the table.
  if (options.python !== null) await findPython(options.python, []);
  const load = loadavg()[0]!;
  for (const part of options.parts) {
    const { text, versions } = await MEASURE[part](options);
    const [title, ...rest] = text.split('\n');
    const conditions = describeConditions(commandOf(part, options), load, versions);
    const section = [title, '', conditions, ...rest].join('\n');
    console.log(`\n${section}`);
    if (options.write) {
      const page = await readFile(PAGE, 'utf8');
      await writeFileAtomically(PAGE, replaceSection(page, part, section, PARTS));
    }
  }
  return 0;
}

if (import.meta.main) runCommand(main);
