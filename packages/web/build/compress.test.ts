import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { compressFiles } from './compress.ts';

test('compressible files of some size get copies with the same content; others do not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'compress-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  const text = 'const dog = 1;\n'.repeat(1000);
  for (const name of ['page.mjs', 'page.wasm', 'photo.webp', 'weights.safetensors'])
    await writeFile(join(folder, 'assets', name), text);
  await writeFile(join(folder, 'small.js'), 'x');
  await compressFiles(folder);
  const copies = ['page.mjs', 'page.mjs.br', 'page.mjs.gz', 'page.wasm', 'page.wasm.br', 'page.wasm.gz'];
  expect((await readdir(join(folder, 'assets'))).sort()).toEqual([...copies, 'photo.webp', 'weights.safetensors']);
  expect((await readdir(folder)).sort()).toEqual(['assets', 'small.js']);
  const copy = (suffix: string) => readFile(join(folder, `assets/page.mjs.${suffix}`));
  expect(brotliDecompressSync(await copy('br')).toString()).toBe(text);
  expect(gunzipSync(await copy('gz')).toString()).toBe(text);
});
