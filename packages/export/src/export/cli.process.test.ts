import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { smallConfig } from '@latent-dogs/dcgan/trained-tensors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseGenerateOptions } from '../generate/cli.ts';
import { parseExportOptions } from './cli.ts';
import { makeRun } from './testing/trained-run.ts';

let folder: string;
let runs: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-cli-'));
  runs = dirname(await makeRun(smallConfig(), { imagesSeen: [1000, 2000] }));
});
afterAll(() => Promise.all([folder, runs].map((path) => rm(path, { recursive: true }))));

/** Runs a command in an empty folder. */
function command(name: 'export' | 'generate', ...argv: string[]) {
  const file = fileURLToPath(new URL(`../${name}/cli.ts`, import.meta.url));
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, ['--no-warnings', file, ...argv], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('from a run to a sheet', () => {
  test('export, then generate, as the output says', async () => {
    const run = join(runs, (await readdir(runs))[0]!);
    const first = await command('export', '--run', run, '--precision', 'fp16', '--checkpoint', '1000');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/after 1,000 images/);
    expect(first.stdout).toMatch(/max error .* PSNR \d+\.\d dB/);
    const [, next] = /Next: pnpm generate (.*)/.exec(first.stdout)!;
    expect(next).toBe('--model models/drawn-dogs-64 --seeds 0-63 --out grid.png');
    const second = await command('generate', ...next!.split(' '));
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout.trim()).toBe('grid.png (64 pictures by models/drawn-dogs-64)');
    expect((await readdir(folder)).sort()).toEqual(['grid.png', 'models']);
    // An older model, written after the newest and touched after that.
    const [newest, older] = ['models/drawn-dogs-64', 'models/a-64'].map((path) => join(folder, path));
    await cp(newest!, older!, { recursive: true });
    const file = join(older!, 'model.json');
    const manifest = { ...JSON.parse(await readFile(file, 'utf8')), exported: '2026-01-01T00:00:00.000Z' };
    await writeFile(file, JSON.stringify(manifest));
    for (const name of ['generator.onnx', 'model.json']) await utimes(join(older!, name), 4e9, 4e9);
    expect((await command('generate', '--out', 'a.png')).stdout.trim()).toBe(
      'a.png (64 pictures by models/drawn-dogs-64)',
    );
    await rm(older!, { recursive: true });
    // The newest model is the default, and an existing card is kept.
    expect((await command('generate', '--seeds', 'rex', '--out', 'dogs/')).stdout).toContain('dogs/rex.png');
    expect((await command('export', '--run', run)).stdout).toContain('your README.md, unchanged');
    expect((await command('export', '--run', run, '--force')).stdout).not.toContain('unchanged');
  });
});

describe('mistakes are one line, exit code 1', () => {
  test.each([
    ['export', [], "error: there is no run in 'runs' yet; train one first with pnpm train"],
    ['export', ['--run', 'nowhere'], "error: 'nowhere' is not a run folder"],
    ['export', ['--precision', 'fp8'], "error: --precision: 'fp8' is not one of fp32, fp16, int8"],
    ['export', ['--checkpoint', '20k+best'], "error: --checkpoint: '20k+best' is not best, latest, a number of images"],
    ['export', ['--checkpoint', 'first'], "error: --checkpoint: 'first' is not best, latest, a number of images"],
    ['export', ['--colour'], "error: unknown option '--colour'"],
    ['generate', ['--model', 'nowhere'], "error: 'nowhere' holds no model"],
    ['generate', ['--psi', '2.1'], "error: --psi: '2.1' is not a number from 0 to 2"],
    ['generate', ['--scale', '1.5'], "error: --scale: '1.5' is not a whole number from 1 to 32"],
    ['generate', ['--columns', '0'], "error: --columns: '0' is not a whole number from 1 to 1000"],
    [
      'generate',
      ['--seeds', '9-3'],
      'error: --seeds: seed range "9-3" runs backwards: write the smaller end first, "3-9"\n',
    ],
    ['generate', ['--seeds', ''], "error: --seeds: '' is empty"],
    ['generate', ['--out', ' '], "error: --out: ' ' is empty"],
  ] as const)('%s %j', async (name, argv, message) => {
    const { code, stdout, stderr } = await command(name, ...argv);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('a checkpoint that does not exist: the existing ones are listed', async () => {
    const run = join(runs, (await readdir(runs))[0]!);
    const { code, stderr } = await command('export', '--run', run, '--checkpoint', '1500');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: --checkpoint: .* has none at 1500 images; there are 1000, 2000$/m);
  });
});

test('the options have their defaults', () => {
  expect(parseExportOptions([])).toEqual({
    run: 'latest',
    out: null,
    precision: 'fp32',
    checkpoint: null,
    training: true,
    names: [],
    demo: true,
    force: false,
  });
  expect(parseExportOptions(['--names', 'light … dark, ,red'])).toMatchObject({ names: ['light … dark', null, 'red'] });
  expect(() => parseExportOptions(['--names', ','.repeat(10)])).toThrow('--names: 11 names are too many');
  expect(parseExportOptions(['--checkpoint', '20,000'])).toMatchObject({ checkpoint: 20_000 });
  expect(parseExportOptions(['--checkpoint', '20k+1,000'])).toMatchObject({ checkpoint: [1000, 20_000] });
  expect(parseExportOptions(['--checkpoint', '20k+20000'])).toMatchObject({ checkpoint: 20_000 });
  expect(parseExportOptions(['--', '--checkpoint', 'latest', '--out', 'models/x'])).toMatchObject({
    checkpoint: 'latest',
    out: 'models/x',
  });
  const generate = parseGenerateOptions([])!;
  expect(generate).toMatchObject({ out: 'grid.png', model: null, psi: 1, columns: null, scale: 1, filter: 'nearest' });
  expect(generate.seeds).toHaveLength(64);
});

test.each(['export', 'generate'] as const)('%s --help shows examples', async (name) => {
  const { code, stdout } = await command(name, '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples:\n {2}\$ pnpm (export|generate)/);
});
