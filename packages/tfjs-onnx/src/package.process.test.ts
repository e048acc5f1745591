/** The package as others install it: built, packed, put into an empty project, and used by plain JavaScript. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tfjs-onnx-package-'));
const project = join(folder, 'node_modules', '@latent-dogs', 'tfjs-onnx');
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  expect(stderr.replaceAll(/[=\s]*Hi, looks like[^=]*=*/g, ''), command).not.toMatch(/error/i);
  expect(status).toBe(0);
  return stdout;
}

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root, encoding: 'utf8' });
  expect(built.stdout + built.stderr).toBe('');
  run('npm', 'pack', '--silent', join(root, 'dist'));
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  mkdirSync(project, { recursive: true });
  run('tar', 'xzf', tarball, '-C', project, '--strip-components=1');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  // The registry's packages, as npm would put them there.
  for (const name of [
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-converter',
    'onnx-proto',
    'onnxruntime-common',
    'onnxruntime-node',
  ]) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(realpathSync(join(root, 'node_modules', name)), join(folder, 'node_modules', name));
  }
});

test('only JavaScript, types and texts are packed, without tests', () => {
  const files = readdirSync(project, { recursive: true }).map(String);
  expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'cli.js', 'README.md', 'LICENSE']));
});

test('publint finds nothing', async () => {
  const { messages, pkg } = await publint({ pkgDir: project, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg as never))).toEqual([]);
});

test('its types compile in a strict project, and import by name or path only', () => {
  const source = `
import * as runtime from 'onnxruntime-node';
import { compile, toOnnx, trace, trainStep, verify } from '@latent-dogs/tfjs-onnx';
export const file: Uint8Array = toOnnx(({ x }) => ({ y: x! }), { inputs: { x: { shape: [1] } } });
export const loss: Promise<Record<string, number>> = trainStep({}, { runtime }).run(Float32Array.of(1), Float32Array.of(1));
export { compile, trace, verify };
// @ts-expect-error a file is no text
export const text: string = file;
`;
  writeFileSync(join(folder, 'consumer.ts'), source);
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', 'false'];
  const { stdout } = spawnSync(process.execPath, [join(dirname(compiler), 'bin/tsc'), ...flags, 'consumer.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const types = readdirSync(project, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.d.ts'));
  expect(types.filter((file) => readFileSync(join(project, file), 'utf8').includes("'#"))).toEqual([]);
  // Types of TensorFlow.js itself have errors.
  expect(stdout.split('\n').filter((line) => /^(consumer|node_modules\/@latent-dogs)/.test(line))).toEqual([]);
});

test('the example runs where the package is installed', () => {
  cpSync(join(project, 'examples/train-cnn.js'), join(folder, 'train-cnn.js'));
  const losses = run(process.execPath, 'train-cnn.js').trim().split('\n').map(Number);
  expect(losses.slice(-20)).toHaveLength(20);
  expect(losses.at(-1)).toBeLessThan(2);
});

const program = `
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as runtime from 'onnxruntime-node';
import { toOnnx, trainStep, verify } from '@latent-dogs/tfjs-onnx';
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
const step = trainStep(model, { optimizer: tf.train.adam(0.3), loss: 'meanSquaredError', runtime });
let loss;
for (let i = 0; i < 200; i++) ({ loss } = await step.run(Float32Array.of(1, 2, 3), Float32Array.of(2, 4, 6)));
await step.writeBack();
const { relativeError } = await verify(model, toOnnx(model), runtime);
console.log(JSON.stringify({ loss, relativeError, flags: process.execArgv }));
`;

test('a program trains and converts', () => {
  writeFileSync(join(folder, 'program.js'), program);
  const { loss, relativeError } = JSON.parse(run(process.execPath, 'program.js').trim().split('\n').at(-1)!);
  expect(loss).toBeLessThan(1e-2);
  expect(relativeError).toBeLessThan(1e-5);
});

test('the command converts a model on disk and verifies it; a wrong path is one line', () => {
  const save = `
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { writeFileSync } from 'node:fs';
const model = tfl.sequential({ layers: [tfl.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [5, 5, 1], name: 'first' })] });
await model.save({ save: async ({ modelTopology, weightSpecs, weightData }) => {
  writeFileSync('weights.bin', Buffer.from(weightData));
  writeFileSync('model.json', JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }));
  return {};
} });`;
  writeFileSync(join(folder, 'save.js'), save);
  run(process.execPath, 'save.js');
  const command = join(project, 'cli.js');
  expect(run(process.execPath, command, 'model.json', '-o', 'model.onnx', '--verify')).toMatch(
    /model\.onnx: .* MB\n {2}\S+ \[2,3,3,2\]: largest error .*\nthe file agrees with the model to /,
  );
  const { status, stderr } = spawnSync(process.execPath, [command, 'none.json'], { cwd: folder, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^tfjs-onnx: none\.json cannot be read; legal: .*$/m);
});
