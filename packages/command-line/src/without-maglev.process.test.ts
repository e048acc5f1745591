import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maglev-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The V8 compilers that compiled the function `warm` while it was called often, after the import. */
async function compilersOf(imported: string | null): Promise<Set<string>> {
  const file = join(folder, 'program.mjs');
  await writeFile(
    file,
    // What the file does when it is given --help does not matter here. It may fail or end the process, and what it prints
    // would cut lines of V8's.
    `process.exit = () => {};
    process.stdout.write = () => true;
    ${imported ? `await import('${pathToFileURL(join(root, imported))}').catch(() => {});` : ''}
    function warm(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i); return { sum }; }
    let total = 0;
    for (let call = 0; call < 200_000; call++) total += warm(1_000).sum;
    if (!(total > 0)) throw new Error('nothing was computed');`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--trace-opt', file, '--help'], {
    maxBuffer: 2 ** 26,
  });
  return new Set(
    [...stdout.matchAll(/^\[compiling method .*JSFunction warm .*target (\w+)/gm)].map(([, name]) => name!),
  );
}

const [major, minor] = process.versions.v8.split('.').map(Number) as [number, number];
const mistaken = major === 13 || (major === 14 && minor < 6);

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** The commands of train and export, and the other files through which a program of ours starts to compute. */
const entries = [
  ...Object.values(scripts).flatMap((script) => /packages\/(?:train|export)\/src\/\S+\.ts/.exec(script) ?? []),
  'packages/train/src/backend/trial/process.ts',
];

describe.runIf(mistaken)('where V8 is from 13.0 to 14.5', () => {
  test('Maglev compiles a program that imports nothing', async () => {
    expect(await compilersOf(null)).toContain('MAGLEV');
  });

  test.each(entries)('Maglev compiles nothing after the import of %s', async (entry) => {
    const compilers = await compilersOf(entry);
    expect([...compilers]).toEqual(['TURBOFAN_JS']);
  });
});
