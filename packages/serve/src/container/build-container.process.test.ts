import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { listModels } from '@latent-dogs/models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decode, largestDifference } from '../testing/pixels.ts';
import { TINY_PAGE, writeTinyGallery } from '../testing/tiny-gallery.ts';
import { writeTinyModel } from '../testing/tiny-model.ts';
import { tinyDog } from '../testing/tiny-server.ts';
import { buildContainer } from './build-container.ts';

/** "nobody": not the owner of anything, so that it cannot write where it is. Only root may become another user. */
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

let folder: string;
let out: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'container-'));
  await chmod(folder, 0o755);
  out = join(folder, 'app');
  const models = join(folder, 'models');
  writeTinyModel(join(models, 'tiny'));
  await writeFile(join(models, 'tiny/training.safetensors'), 'of no use here');
  const gallery = join(folder, 'dist');
  writeTinyGallery(gallery);
  await buildContainer({ models: await listModels(models), gallery, out });
  await rm(models, { recursive: true });
  await rm(gallery, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the server as another user, with an empty home folder. */
async function start() {
  const home = await mkdtemp(join(folder, 'home-'));
  await chmod(home, 0o777);
  const server = spawn(process.execPath, ['--single-threaded-gc', join(out, 'server.mjs'), '--port', '0'], {
    cwd: '/',
    env: { HOME: home, XDG_CACHE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asNobody,
  });
  let errors = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [line] = (await Promise.race([
    once(createInterface(server.stdout), 'line'),
    once(server, 'exit').then(() => Promise.reject(new Error(errors))),
  ])) as [string];
  const address = /^http:\S+/.exec(line)![0];
  return { server, address, home, line, errors: () => errors };
}

test('the bundle serves dogs and the gallery as an ordinary user, and ends on SIGTERM', async () => {
  const { server, address, home, line, errors } = await start();
  expect(line).toContain('serves tiny and the gallery');
  const dog = await decode(await fetch(`${address}/generate?seed=42`));
  expect(largestDifference(dog.data, tinyDog(42))).toBeLessThanOrEqual(1);
  for (const format of ['webp', 'jpeg', 'avif']) {
    const picture = await fetch(`${address}/generate?seed=42&format=${format}&size=100`);
    expect([picture.status, picture.headers.get('Content-Type')]).toEqual([200, `image/${format}`]);
    expect((await decode(picture)).width).toBe(100);
  }
  expect(await (await fetch(`${address}/`)).text()).toBe(TINY_PAGE);
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
  expect(errors()).toBe('');
  // ONNX Runtime leaves an identifier there, and reports to Microsoft, unless it is told not to.
  expect(await readdir(home, { recursive: true })).toEqual([]);
});

test('it holds no source, no other platform, and nothing that only a training needs', async () => {
  const files = await readdir(out, { recursive: true });
  expect(files).toContain('server.mjs');
  expect(files.filter((file) => /\.ts$|\.map$|safetensors/.test(file))).toEqual([]);
  const libraries = files.filter((file) => /onnxruntime_binding\.node$/.test(file));
  expect(libraries).toHaveLength(1);
  expect(libraries[0]).toContain(`${process.platform}/${process.arch}/`);
});

test('a model that is not whole is not put in', async () => {
  const models = join(folder, 'damaged');
  await mkdir(models);
  writeTinyModel(join(models, 'tiny'));
  await writeFile(join(models, 'tiny/generator.onnx'), 'x');
  await expect(
    buildContainer({ models: await listModels(models), gallery: null, out: join(folder, 'other') }),
  ).rejects.toThrow('not the file that model.json describes');
});

test('the Dockerfile takes the bundle and nothing else, and runs as an ordinary user', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../../Dockerfile'), 'utf8');
  const last = text.slice(text.lastIndexOf('\nFROM '));
  expect(last.match(/^(COPY|ADD) .*/gm)).toEqual(['COPY --from=build /app/packages/serve/dist ./']);
  expect(last).toMatch(/^USER node$/m);
});
