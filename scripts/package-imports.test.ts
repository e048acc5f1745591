/** The architecture that docs/architecture.md describes: which package may import which, and which are free of Node. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each package may import of ours. An import of the tests alone is allowed of any package above it in this list. */
const ALLOWED: Record<string, readonly string[]> = {
  latent: [],
  'tfjs-onnx': [],
  dcgan: ['latent', 'tfjs-onnx'],
  metrics: ['latent', 'tfjs-onnx'],
  'face-finder': ['latent', 'tfjs-onnx'],
  files: [],
  'command-line': ['latent', 'files'],
  'onnxruntime-wasm': [],
  client: ['latent', 'onnxruntime-wasm'],
  models: ['latent', 'files', 'client'],
  train: ['latent', 'tfjs-onnx', 'dcgan', 'metrics', 'face-finder', 'command-line', 'files', 'models'],
  export: ['latent', 'tfjs-onnx', 'dcgan', 'command-line', 'files', 'models', 'client', 'train'],
  serve: ['latent', 'command-line', 'files', 'onnxruntime-wasm', 'client', 'models'],
  web: ['latent', 'tfjs-onnx', 'dcgan', 'face-finder', 'files', 'onnxruntime-wasm', 'client', 'models'],
};
const ORDER = Object.keys(ALLOWED);

/** Packages that run in a browser as they are: no Node module, no Node global, no machine code. */
const PURE = ['latent', 'tfjs-onnx', 'dcgan', 'metrics', 'face-finder'];

const isTest = (file: string) => /\.(test|fixture)\.|\/(testing|browser-tests|engine-tests|package-tests)\//.test(file);

function sourcesOf(name: string): { file: string; text: string }[] {
  const files = globSync('**/*.{ts,tsx}', {
    cwd: join(root, 'packages', name),
    exclude: (path) => ['node_modules', 'dist', '.wrangler'].includes(path),
  });
  return files.map((file) => ({
    file: `packages/${name}/${file}`,
    text: readFileSync(join(root, 'packages', name, file), 'utf8'),
  }));
}

const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier!);

const packageOf = (specifier: string): string | undefined => /^@latent-dogs\/([a-z-]+)/.exec(specifier)?.[1];

test('every package is in the list', () => {
  const folders = globSync('packages/*/package.json', { cwd: root }).map((file) => file.split('/')[1]!);
  expect(folders.sort()).toEqual([...ORDER].sort());
});

describe.each(ORDER)('%s', (name) => {
  const sources = sourcesOf(name);

  test('imports only what it may', () => {
    const wrong: string[] = [];
    for (const { file, text } of sources) {
      for (const imported of importsOf(text).map(packageOf)) {
        if (imported === undefined || imported === name) continue;
        const legal = isTest(file) || file.includes('/bench/') ? ORDER.slice(0, ORDER.indexOf(name)) : ALLOWED[name]!;
        if (!legal.includes(imported)) wrong.push(`${file} imports ${imported}`);
      }
    }
    expect(sources.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  test('reaches other packages by their names, and says so in its package.json', () => {
    const wrong = sources.flatMap(({ file, text }) => {
      const depth = file.split('/').length - 3;
      return importsOf(text)
        .filter((specifier) => specifier.startsWith('../'.repeat(depth + 1)))
        .map((specifier) => `${file} imports ${specifier}`);
    });
    expect(wrong).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap(
      (one) => packageOf(one) ?? [],
    );
    const imported = new Set(sources.flatMap(({ text }) => importsOf(text).flatMap((one) => packageOf(one) ?? [])));
    imported.delete(name);
    expect([...declared].sort()).toEqual([...imported].sort());
  });
});

test.each(PURE)('%s needs nothing of Node', (name) => {
  const wrong = sourcesOf(name)
    // A command of such a package is for Node.
    .filter(({ file }) => file.includes('/src/') && !isTest(file) && !file.endsWith('/src/cli.ts'))
    .flatMap(({ file, text }) => {
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const imports = importsOf(code).filter((one) => /^node:|^onnxruntime-(node|web)|^sharp/.test(one));
      const globals = /\b(process|Buffer|__dirname|require)\b(?=[.(])|import\.meta\.(dirname|filename)/.exec(code);
      return [...imports, ...(globals ? [globals[0]] : [])].map((one) => `${file}: ${one}`);
    });
  expect(wrong).toEqual([]);
});
