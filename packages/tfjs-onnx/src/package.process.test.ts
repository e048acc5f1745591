/** The package as others install it: built, packed, put into an empty project, and used by plain JavaScript. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
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
import sparticuz from '@sparticuz/chromium';
import * as tf from '@tensorflow/tfjs-core';
import { type Browser, chromium } from 'playwright-core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cnn, digits } from '../examples/train-cnn.js';

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
    'onnxruntime-web',
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

/** Chromium, from a package for Linux on x64, or installed. */
async function browserPath(): Promise<string | undefined> {
  if (process.platform === 'linux' && process.arch === 'x64') return sparticuz.executablePath();
  return ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
}

describe('in a browser', () => {
  const browserProgram = `
import * as ort from 'onnxruntime-web/wasm';
import { train } from './train-cnn.js';
ort.env.wasm.wasmPaths = '/ort/';
globalThis.losses = [];
globalThis.trained = train(ort, 'wasm', (loss) => losses.push(loss));`;
  const wasm = join(root, 'node_modules/onnxruntime-web/dist');
  let browser: Browser;
  afterAll(() => browser?.close());

  /** The losses of model.fit on TensorFlow.js's cpu backend. */
  async function fitted(): Promise<number[]> {
    await tf.setBackend('cpu');
    const model = cnn();
    model.compile({ optimizer: tf.train.adam(3e-3), loss: 'categoricalCrossentropy' });
    const losses: number[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const [xs, ys] = digits(seed) as [tf.Tensor, tf.Tensor];
      const { history } = await model.fit(xs, ys, { batchSize: 16, shuffle: false, verbose: 0 });
      losses.push(history['loss']![0] as number);
    }
    return losses;
  }

  // Both train for half a minute on a busy machine.
  const timeout = 400_000;
  test('the example, bundled from the package, trains to the losses of model.fit', { timeout }, async ({ skip }) => {
    const executablePath = await browserPath();
    if (!executablePath) return skip('needs Chromium');
    cpSync(join(project, 'examples/train-cnn.js'), join(folder, 'train-cnn.js'));
    writeFileSync(join(folder, 'browser.js'), browserProgram);
    const warnings: string[] = [];
    const bundle = await rolldown({
      input: join(folder, 'browser.js'),
      platform: 'browser',
      onLog: (_level, { message }) => warnings.push(message),
    });
    const { output } = await bundle.generate({ format: 'es' });
    await bundle.close();
    expect(warnings).toEqual([]);
    expect(output).toHaveLength(1);

    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.startsWith('/ort/')) return route.fulfill({ path: join(wasm, pathname.slice('/ort/'.length)) });
      if (pathname === '/program.js') return route.fulfill({ contentType: 'text/javascript', body: output[0].code });
      return route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/program.js"></script>' });
    });
    await page.goto('http://localhost/');
    const losses = (await page.evaluate('trained.then(() => losses)')) as number[];
    expect(problems).toEqual([]);
    const expected = await fitted();
    expect(losses).toHaveLength(20);
    expect(expected[0]! - Math.min(...expected)).toBeGreaterThan(0.3);
    for (const [i, loss] of losses.entries()) expect(Math.abs(loss - expected[i]!), `step ${i}`).toBeLessThan(1e-3);
  });
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

test('the command converts a model on disk and verifies it; a mistake is one line', () => {
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
  const mistakes: [string[], RegExp][] = [
    [['none.json'], /^tfjs-onnx: none\.json cannot be read; legal: .*$/m],
    [['model.json', '-o', 'nowhere/model.onnx'], /^tfjs-onnx: nowhere\/model\.onnx cannot be written: .*$/m],
    [['short.json'], /^tfjs-onnx: short\.json cannot be loaded: .* should have 18 values but has 5$/m],
  ];
  const model = readFileSync(join(folder, 'model.json'), 'utf8');
  writeFileSync(join(folder, 'short.json'), model.replace('weights.bin', 'short.bin'));
  writeFileSync(join(folder, 'short.bin'), new Uint8Array(20));
  for (const [args, message] of mistakes) {
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  }
});
