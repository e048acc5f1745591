/** @module The folder of a search: `find-lr.json` (its settings), `cells.jsonl` (its results), pictures and the report. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, configSchema } from '@latent-dogs/dcgan';
import { makeFolder, writeFileAtomically } from '@latent-dogs/files';
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
  /** Steps per cell. */
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

/** Creates `<out>/find-lr-<number>-<dataset>-<size>` and returns its path. @throws UserError if `out` is not writable. */
export async function createSearch(out: string, record: SearchRecord): Promise<string> {
  try {
    await makeFolder(out);
    for (;;) {
      const number = 1 + Math.max(-1, ...(await searchNames(out)).map(numberOf));
      const dataset = record.dataset.name.replace(/[^\p{L}\p{N}._]+/gu, '-');
      const folder = join(out, `find-lr-${String(number).padStart(5, '0')}-${dataset}-${record.config.size}`);
      const made = await mkdir(folder).catch((error: NodeJS.ErrnoException) => error);
      if (made instanceof Error && (made as NodeJS.ErrnoException).code === 'EEXIST') continue;
      if (made instanceof Error) throw made;
      await writeFileAtomically(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`).catch(async (error) => {
        await rm(folder, { recursive: true, force: true });
        throw error;
      });
      return folder;
    }
  } catch (error) {
    throw new UserError(
      `--out: can't create a folder in '${out}' (${(error as Error).message}); give a writable folder`,
    );
  }
}

/** The folder of a search: `latest` in `out`, a path, or a name in `out`. @throws UserError if there is none. */
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

/** @throws UserError if `find-lr.json` is not readable, naming the field that is wrong. */
export async function readSearch(folder: string): Promise<SearchRecord> {
  const file = join(folder, RECORD);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError(`--resume: ${file}: ${(error as Error).message}`);
  }
  const result = v.safeParse(recordSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new UserError(
    `--resume: ${file}: ${v.getDotPath(issue) ?? 'file'}: ${issue.message}; start a new search without --resume`,
  );
}

export const readCells = (folder: string): Promise<CellResult[]> =>
  readLines<CellResult>(
    join(folder, CELLS),
    ({ lrG, lrD, outcome, steps }) => [lrG, lrD, steps].every(Number.isFinite) && typeof outcome === 'string',
  );

export function appendCell(folder: string, cell: CellResult): void {
  const writer = new LineWriter<CellResult>(join(folder, CELLS));
  writer.append(cell);
  writer.close();
}

/** File of a cell's samples. */
export const cellSheet = (folder: string, { lrG, lrD }: { lrG: number; lrD: number }): string =>
  join(folder, `g${lrG.toExponential()}-d${lrD.toExponential()}.png`);

const numberOf = (name: string) => Number(/^find-lr-(\d+)/.exec(name)?.[1] ?? -1);

async function searchNames(out: string): Promise<string[]> {
  return (await readdir(out).catch((): string[] => [])).filter((name) => /^find-lr-\d{5,9}-/.test(name));
}
