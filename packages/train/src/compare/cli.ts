/** @module `pnpm compare`. */

import { cannotWrite, runCommand } from '@latent-dogs/command-line';
import { writeFileAtomically } from '@latent-dogs/files';
import { compare } from './comparison.ts';
import { parseCompareOptions } from './options.ts';
import { comparisonPage } from './page.ts';
import { readRuns } from './runs.ts';
import { markdownTable, terminalTable } from './table.ts';

async function main(argv: readonly string[]): Promise<number> {
  const options = parseCompareOptions(argv);
  if (!options) return 0;
  const comparison = compare(await readRuns(options.runs, 'runs'), options.at);
  console.log(options.markdown ? markdownTable(comparison) : `${terminalTable(comparison)}\n`);
  await write('--out', options.out, await comparisonPage(comparison));
  if (options.plot === null) return 0;
  // Imported here because only --plot needs this large library.
  const { plotFile } = await import('./plot.ts');
  await write('--plot', options.plot, await plotFile(options.plot, comparison));
  return 0;
}

async function write(option: string, file: string, contents: string | Buffer): Promise<void> {
  await writeFileAtomically(file, contents).catch((error: NodeJS.ErrnoException) => {
    throw cannotWrite(option, file, error);
  });
  // Not on stdout, which is for the table.
  console.error(`Written: ${file}`);
}

runCommand(main);
