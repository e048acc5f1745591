import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { settled } from './support/visit.ts';

const site = inject('site');
/** Bytes, gzipped, without ONNX Runtime and the film writer, which is loaded when a film is saved. */
const MOST_SCRIPT = 60_000;
/** Bytes, gzipped, of the scripts that only the Studio loads, without ONNX Runtime. */
const MOST_STUDIO = 400_000;
/** Bytes of the network that finds dogs' faces. */
const MOST_FINDER = 300_000;
/** Cloudflare's limit for one file. */
const LARGEST_ASSET = 25 * 1024 * 1024;

const gallery = withGallery();

const isOnnxRuntime = (file: string) => /\/ort[.-]/.test(file);
const isFilmWriter = (file: string) => /\/video-/.test(file);
const isStudio = (file: string) => file.startsWith('/assets/studio/');

async function files(): Promise<{ file: string; bytes: Buffer }[]> {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => ({
        file: join(parentPath, name).slice(site.length),
        bytes: await readFile(join(parentPath, name)),
      })),
  );
}

test('the scripts of the page are 60 kB at most, and every file fits a static host', async () => {
  const all = await files();
  const scripts = all.filter(({ file }) => /\.m?js$/.test(file) && !isOnnxRuntime(file));
  const own = scripts.filter(({ file }) => !isFilmWriter(file) && !isStudio(file));
  expect(scripts.filter(({ file }) => isFilmWriter(file)).length).toBe(1);
  expect(own.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0)).toBeLessThanOrEqual(MOST_SCRIPT);
  for (const { file, bytes } of all) expect(bytes.length, file).toBeLessThanOrEqual(LARGEST_ASSET);
});

test('the scripts that only the Studio loads are 400 kB at most, and its network is 300 kB', async () => {
  const studio = (await files()).filter(({ file }) => isStudio(file));
  const named = (name: string) => studio.filter(({ file }) => file.includes(`/${name}-`)).length;
  expect(['studio', 'photo-worker', 'training-worker'].map(named)).toEqual([1, 1, 1]);
  const [scripts, others] = [
    studio.filter(({ file }) => file.endsWith('.js')),
    studio.filter(({ file }) => !file.endsWith('.js')),
  ];
  expect(scripts.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0)).toBeLessThanOrEqual(MOST_STUDIO);
  expect(others.map(({ file }) => file)).toEqual([expect.stringMatching(/\/finder-[\w-]{8}\.onnx$/)]);
  expect(others[0]!.bytes.length).toBeLessThanOrEqual(MOST_FINDER);
});

test('a first visit loads one runtime, one model, and nothing unused', async () => {
  const { page } = await gallery.open();
  await settled(page);
  const loaded = gallery.requests.filter((path) => path !== '/');
  expect(loaded.filter((path) => path.endsWith('.wasm')).length).toBe(1);
  expect(loaded.filter((path) => path.endsWith('.onnx'))).toEqual(['/models/newer-64/generator.onnx']);
  expect(loaded.filter((path) => isFilmWriter(path) || isStudio(path) || /\/(gif|panel)-/.test(path))).toEqual([]);
});
