/** @module Small trainings in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { picturesOf } from './pictures.ts';
import { randomOf } from './random.ts';

const CLI = join(import.meta.dirname, '..', 'packages', 'train', 'src', 'train', 'cli.ts');

/** On the CPU, where a run is reproducible bit by bit. */
export const SMALL = '--data photos --channels 8 --batch 4 --latent 8 --backend onnxruntime --device cpu'.split(' ');

/** Makes the photos that the trainings in `root` use. */
export async function makePhotos(root: string): Promise<void> {
  await mkdir(join(root, 'photos'));
  for (const { name, bytes } of await picturesOf(randomOf(1), 24)) await writeFile(join(root, 'photos', name), bytes);
}

interface Training {
  child: ChildProcess;
  /** Everything printed so far. */
  readonly output: string;
  /** Exit code or signal. */
  ended: Promise<number | string>;
}

export function startTraining(root: string, args: readonly string[]): Training {
  const child = spawn(process.execPath, ['--no-warnings', CLI, ...args], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    ended,
    get output() {
      return output;
    },
  };
}

/** Trains to the end. */
export async function runTraining(root: string, args: readonly string[]): Promise<void> {
  const training = startTraining(root, args);
  const code = await training.ended;
  if (code !== 0) throw new Error(`training ended with ${code}:\n${training.output}`);
}

/** The only run in `out`. */
export async function onlyRun(out: string): Promise<string> {
  const [run, ...others] = await readdir(out);
  if (run === undefined || others.length > 0) throw new Error(`not one run in ${out}: ${[run, ...others]}`);
  return join(out, run);
}

/** SHA-256 of the newest checkpoint's weights. */
export async function weightsOf(run: string): Promise<string> {
  const newest = (await readFile(join(run, 'latest'), 'utf8')).trim();
  return createHash('sha256')
    .update(await readFile(join(run, newest, 'weights.safetensors')))
    .digest('hex');
}
