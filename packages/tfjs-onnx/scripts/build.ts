/** @module `pnpm --filter tfjs-onnx build`: the package as others install it, in dist: JavaScript, types, README, and a package.json of its own. */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

// This import is for its effect and adds no types. Tools that check types without the dependencies cannot resolve it.
const gradients = join(dist, 'register-gradients.d.ts');
writeFileSync(gradients, readFileSync(gradients, 'utf8').replace("import '#gradients';\n", ''));

// What only the workspace needs is left out, and paths lead to JavaScript.
const {
  scripts: _scripts,
  devDependencies: _tools,
  private: _private,
  exports: _sources,
  ...manifest
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const published = {
  ...manifest,
  exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
  bin: { 'tfjs-onnx': './cli.js' },
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
for (const [from, to] of [
  ['README.md', 'README.md'],
  ['CONFORMANCE.md', 'CONFORMANCE.md'],
  ['MODELS.md', 'MODELS.md'],
  ['ARCHITECTURES.md', 'ARCHITECTURES.md'],
  ['docs/trace.svg', 'docs/trace.svg'],
  ['examples/train-cnn.js', 'examples/train-cnn.js'],
  ['../../LICENSE', 'LICENSE'],
] as const)
  cpSync(join(root, from), join(dist, to));
