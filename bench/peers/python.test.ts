// @module-tag slow
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findPython } from './python.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-python-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program that answers like an interpreter with these modules. */
function interpreter(name: string, versions: Record<string, string | null>): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(versions)}'\n`);
  chmodSync(file, 0o755);
  return file;
}

test('the one that was given, before the one of the environment', async () => {
  const given = interpreter('given', { torch: '2.1' });
  const path = interpreter('environment', { torch: '2.2' });
  vi.stubEnv('LATENT_DOGS_BENCH_PYTHON', path);
  expect(await findPython(given, ['torch'])).toEqual({ path: given, versions: { torch: '2.1' } });
  expect(await findPython(null, ['torch'])).toEqual({ path, versions: { torch: '2.2' } });
});

test('names every module that is missing', async () => {
  const path = interpreter('bare', { fastapi: null, numpy: '2.0', PIL: null });
  await expect(findPython(path, ['fastapi', 'numpy', 'PIL'])).rejects.toThrow('lacks fastapi, PIL');
});

test('a path that is no interpreter is a mistake of the user; no python3 at all is not', async () => {
  await expect(findPython(join(folder, 'nothing'), ['torch'])).rejects.toThrow(UserError);
  vi.stubEnv('LATENT_DOGS_BENCH_PYTHON', undefined);
  vi.stubEnv('PATH', folder);
  const failure = await findPython(null, ['torch']).catch((error: Error) => error);
  expect(failure).not.toBeInstanceOf(UserError);
  expect((failure as Error).message).toContain('there is no python3');
});
