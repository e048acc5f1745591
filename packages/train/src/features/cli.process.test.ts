/** `pnpm features` in a child process: from a package to a file that `pnpm evaluate` can use, and mistakes. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pictures } from '@latent-dogs/metrics';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { NetworkFeatures } from '../evaluate/network-features.ts';
import { writeLayersPackage } from './layers-package.fixture.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'features-'));
  await writeLayersPackage(join(root, 'node_modules', 'nsfwjs'), 'inception_v3');
});
afterAll(() => rm(root, { recursive: true }));

function features(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = ['--no-warnings', join(import.meta.dirname, 'cli.ts'), ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, program, { cwd: root }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('the file works in pnpm evaluate as it is', async () => {
  const { code, stdout, stderr } = await features('--size', '40');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^inception_v3\.onnx: 12 features of 40x40 pictures, inception_v3 up to joined, 0\.0 MB\n/);
  expect(stdout).toContain('Next: pnpm evaluate --features inception_v3.onnx\n');
  const halves = [0.5, 0.5, 0.5];
  const file = join(root, 'inception_v3.onnx');
  const network = await NetworkFeatures.open({ file, size: null, mean: halves, deviation: halves, output: null });
  const { count, length, values } = await network.of(
    pictures(
      Uint8Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => i),
      8,
    ),
  );
  await network.dispose();
  expect([count, length]).toEqual([2, 12]);
  expect(values.every(Number.isFinite)).toBe(true);
});

test('mistakes are named in one line, and leave no file', async () => {
  const damaged = join(root, 'damaged', 'dist', 'models', 'inception_v3');
  await mkdir(damaged, { recursive: true });
  await writeFile(join(damaged, 'model.min.js'), 'a.exports={modelTopology:{}}');
  const mistakes: [string[], RegExp][] = [
    [
      ['--package', 'nowhere'],
      /^error: --package: can't read 'nowhere.*model\.min\.js' \(ENOENT\); add the package with 'pnpm add/,
    ],
    [['--package', 'damaged'], /^error: --package: 'damaged.*model\.min\.js' is not a model of nsfwjs/],
    [['--model', 'mobilenet_v2'], /^error: --package: can't read '.*mobilenet_v2/],
    [['--model', 'resnet'], /^error: --model: 'resnet' is not one of inception_v3, mobilenet_v2/],
    [['--layer', 'pool3'], /^error: --layer: the network has no layer 'pool3'; suitable are pictures, pad, conv,/],
    [['--size', '8'], /^error: --size: /],
    [['--out', join('no', 'where.onnx')], /^error: --out: can't write '.*': no such file or folder/],
  ];
  for (const [args, message] of mistakes) {
    const { code, stderr } = await features('--out', 'mistake.onnx', ...args);
    expect([code, stderr.trimEnd().split('\n').length, stderr]).toEqual([1, 1, expect.stringMatching(message)]);
  }
  expect(await readdir(root)).not.toContain('mistake.onnx');
});
