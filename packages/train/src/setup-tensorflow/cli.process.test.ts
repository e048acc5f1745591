import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'setup-tensorflow-'));
});
afterEach(() => rm(root, { recursive: true }));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function setup(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const env = { ...process.env, LATENT_DOGS_TENSORFLOW: join(root, 'addon'), ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', join(import.meta.dirname, 'cli.ts'), ...args],
      { env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** A fake interpreter: a shell script of `lines`. */
async function interpreter(lines: string): Promise<string> {
  const file = join(root, 'python');
  await writeFile(file, `#!/bin/sh\n${lines}\n`);
  await chmod(file, 0o755);
  return file;
}

/** An interpreter whose TensorFlow has the required files, but empty. */
async function hollowTensorflow(): Promise<string> {
  const libraries = join(root, 'tensorflow');
  const include = join(libraries, 'include');
  await mkdir(join(include, 'tensorflow/c/eager'), { recursive: true });
  for (const file of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/eager/c_api.h'])
    await writeFile(join(libraries, file), '');
  return interpreter(
    `echo '${JSON.stringify({ version: '2.99.0', libraries, include, cuda: null, cudaFolders: [] })}'`,
  );
}

test.each<[string, () => Promise<string[]>, Record<string, string>, RegExp]>([
  ['no source named', async () => [], {}, /^error: give one of --python PATH .* and --download/],
  ['two sources named', async () => ['--python', 'python3', '--download'], {}, /^error: give one of --python PATH/],
  [
    'no such interpreter',
    async () => ['--python', '/no/python'],
    {},
    /^error: --python: there is no program '\/no\/python'/,
  ],
  [
    'one without TensorFlow',
    async () => ['--python', await interpreter('exit 3')],
    {},
    /^error: --python: '.*' has no TensorFlow; install it \(.*python -m pip install "tensorflow\[and-cuda\]"\)/,
  ],
  [
    'one that fails',
    async () => ['--python', await interpreter('echo "SyntaxError: too old" >&2; exit 1')],
    {},
    /^error: --python: '.*' did not report its TensorFlow: SyntaxError: too old/,
  ],
  [
    'one whose TensorFlow has no libraries to build against',
    async () => ['--python', await interpreter(`echo '{"version": "2.9.0", "libraries": "/nowhere"}'`)],
    {},
    /^error: --python: the TensorFlow 2\.9\.0 of .* lacks libtensorflow_cc\.so\.2 in \/nowhere/,
  ],
  [
    'no compiler',
    async () => ['--python', await hollowTensorflow()],
    { CXX: '/no/compiler' },
    /^error: there is no C\+\+ compiler '\/no\/compiler'; install one/,
  ],
  [
    'headers that do not compile',
    async () => ['--python', await hollowTensorflow()],
    {},
    /^error: '.*' could not build the addon: .*error: .*/,
  ],
])('%s: one line with a remedy, exit code 1', async (_name, args, environment, message) => {
  const { code, stderr } = await setup(await args(), environment);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
});

const { LATENT_DOGS_PYTHON = '' } = process.env;

test.skipIf(LATENT_DOGS_PYTHON === '')(
  'builds an addon that loads (needs a Python with TensorFlow, named in LATENT_DOGS_PYTHON)',
  async () => {
    const { code, stdout } = await setup(['--python', LATENT_DOGS_PYTHON]);
    expect(stdout).toMatch(/^TensorFlow \d+\.\d+\.\d+ is set up: .*tfjs_binding\.node$/m);
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(join(root, 'addon/setup.json'), 'utf8'))).toMatchObject({
      python: LATENT_DOGS_PYTHON,
    });
  },
  300_000,
);
