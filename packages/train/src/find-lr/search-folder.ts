/** @module The folder of a search: `find-lr.json` (what is tried), `cells.jsonl` (what was found), pictures and the report. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, configSchema } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import * as v from 'valibot';
import { LineWriter, readLines } from '../run/log.ts';
import type { CellResult, Grid } from './grid.ts';

export interface SearchRecord extends Grid {
  format: 1;
  /** ISO 8601. */
  created: string;
  config: Config;
  dataset: { name: string; count: number; fingerprint: string };
  /** Each cell's. */
  steps: number;
}

const rates = v.pipe(v.array(v.number()), v.minLength(1));
const recordSchema: v.GenericSchema<unknown, SearchRecord> = v.object({
  format: v.literal(1),
  created: v.string(),
  config: configSchema,
  dataset: v.object({ name: v.string(), count: v.number(), fingerprint: v.string() }),
  ratesG: rates,
  ratesD: rates,
  steps: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

const RECORD = 'find-lr.json';
const CELLS = 'cells.jsonl';

/** Makes `<out>/find-lr-<number>-<dataset>-<size>` and returns its path. @throws UserError where `out` can't be written to. */
export async function createSearch(out: string, record: SearchRecord): Promise<string> {
  try {
    await mkdir(out, { recursive: true });
    for (;;) {
      const number = 1 + Math.max(-1, ...(await searchNames(out)).map(numberOf));
      const dataset = record.dataset.name.replace(/[^\p{L}\p{N}._]+/gu, '-');
      const folder = join(out, `find-lr-${String(number).padStart(5, '0')}-${dataset}-${record.config.size}`);
      const made = await mkdir(folder).catch((error: NodeJS.ErrnoException) => error);
      if (made instanceof Error && (made as NodeJS.ErrnoException).code === 'EEXIST') continue;
      if (made instanceof Error) throw made;
      await writeFileAtomically(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
      return folder;
    }
  } catch (error) {
    throw new UserError(`--out: can't make a folder in '${out}' (${(error as Error).message})`);
  }
}

/** `latest` is the newest search in `out`; else `search` itself, or as a name in `out`. @throws UserError */
export async function findSearch(search: string, out: string): Promise<string> {
  const names = (await searchNames(out)).sort((a, b) => numberOf(b) - numberOf(a));
  const candidates = search === 'latest' ? names.map((name) => join(out, name)) : [search, join(out, search)];
  for (const folder of candidates) {
    const known = await readFile(join(folder, RECORD)).then(Boolean, () => false);
    if (known) return folder;
  }
  throw new UserError(
    `--resume: ${search === 'latest' ? `there is no search in '${out}' yet` : `'${search}' is not the folder of a search`}` +
      '; start one with pnpm train --find-lr',
  );
}

/** @throws UserError where it is not a search's. */
export async function readSearch(folder: string): Promise<SearchRecord> {
  const text = await readFile(join(folder, RECORD), 'utf8');
  try {
    return v.parse(recordSchema, JSON.parse(text));
  } catch (error) {
    throw new UserError(`${join(folder, RECORD)}: ${(error as Error).message}`);
  }
}

export const readCells = (folder: string): Promise<CellResult[]> => readLines<CellResult>(join(folder, CELLS));

export function appendCell(folder: string, cell: CellResult): void {
  const writer = new LineWriter<CellResult>(join(folder, CELLS));
  writer.append(cell);
  writer.close();
}

/** Pictures that a cell made in the end. */
export const cellSheet = (folder: string, { lrG, lrD }: { lrG: number; lrD: number }): string =>
  join(folder, `g${lrG.toExponential()}-d${lrD.toExponential()}.png`);

const numberOf = (name: string) => Number(/^find-lr-(\d+)/.exec(name)?.[1] ?? -1);

async function searchNames(out: string): Promise<string[]> {
  return (await readdir(out).catch((): string[] => [])).filter((name) => /^find-lr-\d{5,9}-/.test(name));
}
