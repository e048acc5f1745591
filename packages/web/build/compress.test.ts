import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
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
  await compressFiles(folder, join(folder, '.cache'));
  const copies = ['page.mjs', 'page.mjs.br', 'page.mjs.gz', 'page.wasm', 'page.wasm.br', 'page.wasm.gz'];
  expect((await readdir(join(folder, 'assets'))).sort()).toEqual([...copies, 'photo.webp', 'weights.safetensors']);
  expect((await readdir(folder)).sort()).toEqual(['assets', 'small.js']);
  const copy = (suffix: string) => readFile(join(folder, `assets/page.mjs.${suffix}`));
  expect(brotliDecompressSync(await copy('br')).toString()).toBe(text);
  expect(gunzipSync(await copy('gz')).toString()).toBe(text);
});

test('copies of large files are kept for the next build; damaged ones are made again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'compress-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [site, cache] = [join(folder, 'site'), join(folder, 'cache')];
  const large = Buffer.alloc(2 ** 20, 'a large network ');
  await mkdir(site);
  await writeFile(join(site, 'generator.onnx'), large);
  await compressFiles(site, cache);
  const kept = (await readdir(cache)).map((name) => join(cache, name));
  expect(kept.length).toBe(2);
  // Legal, but not what this build would make: it comes from the cache.
  const other = brotliCompressSync(large, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  const brotli = kept.find((name) => name.endsWith('.br'))!;
  await writeFile(brotli, other);
  await compressFiles(site, cache);
  expect((await readFile(join(site, 'generator.onnx.br'))).equals(other)).toBe(true);
  await writeFile(brotli, other.subarray(0, 20));
  await compressFiles(site, cache);
  expect(brotliDecompressSync(await readFile(join(site, 'generator.onnx.br'))).equals(large)).toBe(true);
});
