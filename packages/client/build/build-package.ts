/** @module Builds the package that others install: scripts, declarations, ONNX Runtime's files and a package.json of its own. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onnxRuntimeWasm } from '@latent-dogs/onnxruntime-wasm';
import { type InputOptions, type OutputOptions, rolldown } from 'rolldown';

const PACKAGE = join(import.meta.dirname, '..');
const REPOSITORY = join(PACKAGE, '..', '..');
const SOURCES = join(PACKAGE, 'src');
const require = createRequire(import.meta.url);
const ORT = dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

const ort = (name: string) => readFile(join(ORT, name));

/** ONNX Runtime's files, by their names in the package. `.mjs` becomes `.js`: some hosts do not know the type of `.mjs`. */
const ORT_FILES = {
  wasm: { 'ort-wasm.js': () => ort('ort-wasm-simd-threaded.mjs'), 'ort-wasm.wasm': onnxRuntimeWasm },
  webgpu: {
    'ort-webgpu.js': () => ort('ort-wasm-simd-threaded.jspi.mjs'),
    'ort-webgpu.wasm': () => ort('ort-wasm-simd-threaded.jspi.wasm'),
  },
};

/** The declarations that a user's program sees. */
const DECLARATIONS = [
  'browser',
  'node',
  'workerd',
  'elements',
  'types',
  'generator-error',
  'elements/latent-dog',
  'elements/latent-morph',
  'elements/picture-element',
];

/** Writes the whole package to `out`, whose contents are replaced. */
export async function buildPackage(out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await Promise.all([
    writeBrowserFiles(out, { webgpu: true }),
    bundle(out, { node: 'node.ts' }, { platform: 'node', external: isForeign }),
    bundle(out, { workerd: 'workerd.ts' }, { platform: 'browser', external: isForeign }),
    writeDeclarations(out),
    writePackageJson(out),
    copyFile(join(REPOSITORY, 'LICENSE'), join(out, 'LICENSE')),
    copyFile(join(PACKAGE, 'README.md'), join(out, 'README.md')),
    copyFile(join(PACKAGE, 'THIRD-PARTY.md'), join(out, 'THIRD-PARTY.md')),
  ]);
}

/** Writes what a page needs: `browser.js`, `elements.js`, the workers and ONNX Runtime; without WebGPU less than half. */
export async function writeBrowserFiles(out: string, { webgpu }: { webgpu: boolean }): Promise<void> {
  await mkdir(out, { recursive: true });
  const providers = webgpu ? (['wasm', 'webgpu'] as const) : (['wasm'] as const);
  await Promise.all([
    bundle(out, { browser: 'browser.ts', elements: 'elements.ts' }, { platform: 'browser' }),
    ...providers.flatMap((provider) => [
      bundle(
        out,
        { [`${provider}-worker`]: `browser/${provider}-worker.ts` },
        { platform: 'browser', resolve: { conditionNames: ['onnxruntime-web-use-extern-wasm', 'import'] } },
        // Tools copy the workers as they are; the other scripts they minify themselves.
        { minify: true },
      ),
      ...Object.entries(ORT_FILES[provider]).map(async ([name, content]) =>
        writeFile(join(out, name), await content()),
      ),
    ]),
  ]);
}

const isForeign = (id: string) => id.endsWith('.wasm') || id.startsWith('node:') || id === 'onnxruntime-node';

async function bundle(
  out: string,
  entries: Record<string, string>,
  options: InputOptions,
  output: OutputOptions = {},
): Promise<void> {
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(SOURCES, file)])),
    tsconfig: false,
    logLevel: 'warn',
    ...options,
  });
  await bundle.write({
    dir: out,
    format: 'esm',
    entryFileNames: '[name].js',
    // Beside the entries, since they name other files relative to themselves.
    chunkFileNames: `${Object.keys(entries)[0]}-[name].js`,
    ...output,
  });
  await bundle.close();
}

async function writeDeclarations(out: string): Promise<void> {
  const folder = await mkdtemp(join(PACKAGE, '.declarations-'));
  try {
    const arguments_ = ['-p', SOURCES, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    const more = ['--rewriteRelativeImportExtensions', '--outDir', folder, '--rootDir', SOURCES];
    await promisify(execFile)(process.execPath, [compiler, ...arguments_, ...more]);
    for (const name of DECLARATIONS) {
      const text = await readFile(join(folder, `${name}.d.ts`), 'utf8');
      await mkdir(dirname(join(out, name)), { recursive: true });
      await writeFile(join(out, `${name}.d.ts`), text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePackageJson(out: string): Promise<void> {
  const { name, version, type, license, description, dependencies } = JSON.parse(
    await readFile(join(PACKAGE, 'package.json'), 'utf8'),
  );
  const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  const published = {
    name,
    version,
    description,
    license,
    type,
    engines: { node: '>=20.3' },
    exports: {
      '.': { workerd: entry('workerd'), browser: entry('browser'), node: entry('node'), default: entry('browser') },
      './elements': entry('elements'),
      './package.json': './package.json',
    },
    sideEffects: ['./elements.js', './wasm-worker.js', './webgpu-worker.js'],
    peerDependencies: { 'onnxruntime-node': `^${dependencies['onnxruntime-web']}` },
    peerDependenciesMeta: { 'onnxruntime-node': { optional: true } },
  };
  await writeFile(join(out, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}
