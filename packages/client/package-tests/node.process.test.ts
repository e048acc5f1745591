import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ALL_PICTURES, expectSamePictures, MODEL, referencePictures } from './support/reference.ts';

const require = createRequire(import.meta.url);
const installed = inject('installed');
const native = join(installed, 'with-native');
let reference: Awaited<ReturnType<typeof referencePictures>>;

beforeAll(async () => {
  reference = await referencePictures();
  // As if the user had installed the peer dependency, too.
  const modules = join(native, 'node_modules');
  await mkdir(join(modules, '@latent-dogs'), { recursive: true });
  const ort = dirname(dirname(require.resolve('onnxruntime-node')));
  await symlink(ort, join(modules, 'onnxruntime-node'));
  await promisify(execFile)('cp', [
    '-r',
    join(installed, 'node_modules/@latent-dogs/client'),
    join(modules, '@latent-dogs'),
  ]);
});
afterAll(() => rm(native, { recursive: true, force: true }));

/** The result of a program that has the package installed, and `model`, the path of a model folder. */
async function run(body: string, folder = installed, environment: NodeJS.ProcessEnv = process.env): Promise<unknown> {
  const program = `import { loadGenerator, GeneratorError } from '@latent-dogs/client';
    const model = ${JSON.stringify(MODEL)};
    console.log(JSON.stringify(await (async () => { ${body} })()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
    env: environment,
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}

test.each([
  ['wasm', 'without onnxruntime-node', installed],
  ['native', 'with onnxruntime-node', native],
])('pictures on %s, %s, are those of pnpm generate', async (provider, _, folder) => {
  const result = (await run(
    `const dogs = await loadGenerator(model);
     const pictures = await ${ALL_PICTURES};
     await dogs.dispose();
     return { provider: dogs.provider, pictures };`,
    folder,
  )) as { provider: string; pictures: Record<string, number[]> };
  expect(result.provider).toBe(provider);
  expectSamePictures(result.pictures, reference);
});

test('onnxruntime-node leaves nothing in the home folder: no identifier for its reports', async () => {
  const home = join(native, 'home');
  await mkdir(home);
  await run(`return (await (await loadGenerator(model)).generate('luna')).width`, native, { HOME: home });
  expect(await readdir(home, { recursive: true })).toEqual([]);
});

test('a model in memory needs no file', async () => {
  const result = await run(`
    const { readFile } = await import('node:fs/promises');
    const manifest = JSON.parse(await readFile(model + '/model.json', 'utf8'));
    const dogs = await loadGenerator({ manifest, generator: await readFile(model + '/' + manifest.generator.file) });
    const { width, height, colorSpace } = await dogs.generate('luna');
    return [width, height, colorSpace];`);
  expect(result).toEqual([64, 64, 'srgb']);
});

test('elements can be imported where there are none', async () => {
  const body = `const { LatentDogElement } = await import('@latent-dogs/client/elements'); return typeof LatentDogElement;`;
  expect(await run(body)).toBe('function');
});

test('failures have codes', async () => {
  const result = await run(`
    const codes = {};
    const codeOf = (work) => work.then(() => 'none', (error) => error instanceof GeneratorError ? error.code : error.name);
    codes.missing = await codeOf(loadGenerator('/nowhere'));
    codes.provider = await codeOf(loadGenerator(model, { provider: 'webgpu' }));
    codes.native = await codeOf(loadGenerator(model, { provider: 'native' }));
    codes.aborted = await codeOf(loadGenerator(model, { signal: AbortSignal.abort() }));
    const dogs = await loadGenerator(model);
    codes.seed = await codeOf(dogs.generate(''));
    codes.psi = await codeOf(dogs.generate('luna', { psi: 2.5 }));
    codes.direction = await codeOf(dogs.generate('luna', { dials: { 'no such': 1 } }));
    const waiting = codeOf(dogs.generate('luna'));
    await dogs.dispose();
    codes.waiting = await waiting;
    codes.disposed = await codeOf(dogs.generate('luna'));
    return codes;`);
  expect(result).toEqual({
    missing: 'download',
    provider: 'unsupported',
    native: 'unsupported',
    aborted: 'AbortError',
    seed: 'invalid-input',
    psi: 'invalid-input',
    direction: 'invalid-input',
    waiting: 'disposed',
    disposed: 'disposed',
  });
});

test('the package holds no name of this repository but its own', async () => {
  const declarations = ['browser', 'node', 'workerd', 'types', 'generator-error', 'elements'];
  for (const name of declarations) {
    const text = await readFile(join(installed, `node_modules/@latent-dogs/client/${name}.d.ts`), 'utf8');
    expect(text).not.toMatch(/^(import|export).* from '(?!\.)|\.ts'/m);
  }
});
