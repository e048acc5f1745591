import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maglev-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The compilers that V8 gave the function `warm` to, while it was called often. */
async function compilersOf(imported: string): Promise<Set<string>> {
  const file = join(folder, 'program.mjs');
  await writeFile(
    file,
    `${imported}
    function warm(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i); return { sum }; }
    let total = 0;
    for (let call = 0; call < 200_000; call++) total += warm(1_000).sum;
    if (!(total > 0)) throw new Error('nothing was computed');`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--trace-opt', file], {
    maxBuffer: 2 ** 26,
  });
  return new Set(
    [...stdout.matchAll(/^\[compiling method .*JSFunction warm .*target (\w+)/gm)].map(([, name]) => name!),
  );
}

const [major, minor] = process.versions.v8.split('.').map(Number) as [number, number];
const mistaken = major === 13 || (major === 14 && minor < 6);

test.runIf(mistaken)('what computes is not compiled by Maglev (where V8 is from 13.0 to 14.5)', async () => {
  expect(await compilersOf('')).toContain('MAGLEV');
  const index = pathToFileURL(join(import.meta.dirname, '../index.ts'));
  expect([...(await compilersOf(`import '${index}';`))]).toEqual(['TURBOFAN_JS']);
});
