/** @module Trainings in child processes, small enough for a test, on image files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawDog } from '../data/drawn-dogs/svg.ts';
import { dogTraits } from '../data/drawn-dogs/traits.ts';

/** Networks of 8 base channels, batches of 4, on the CPU, where a run is reproducible bit by bit. */
export const SMALL = [
  ...['--channels', '8', '--batch', '4', '--latent', '8'],
  ...['--backend', 'onnxruntime', '--device', 'cpu'],
];

const CLI = join(import.meta.dirname, 'cli.ts');

/** Makes a folder of PNG files. */
export async function photoFolder(folder: string, count = 24): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < count; index++) {
    const dog = Buffer.from(drawDog(dogTraits(5, index), 64));
    await writeFile(join(folder, `${index}.png`), await sharp(dog).png().toBuffer());
  }
  return folder;
}

/**
 * Makes a folder of files, each with a dog's face of 140x140 pixels that models/dogs-64 generated, on a lawn of 320x240: that of
 * number i at [20 i, 10].
 */
export async function facePhotos(
  folder: string,
  count: number,
  nameOf = (index: number) => `${index}.png`,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const faces = join(import.meta.dirname, '../../../face-finder/src/testing/generated-dogs.webp');
  for (let index = 0; index < count; index++) {
    const face = await sharp(faces)
      .extract({ left: 64 * index, top: 0, width: 64, height: 64 })
      .resize(140, 140)
      .png()
      .toBuffer();
    await lawn()
      .composite([{ input: face, left: 20 * index, top: 10 }])
      .toFile(join(folder, nameOf(index)));
  }
  return folder;
}

export async function photoOfNothing(file: string): Promise<void> {
  await lawn().png().toFile(file);
}

const lawn = () => sharp({ create: { width: 320, height: 240, channels: 3, background: '#4a9a38' } });

interface Training {
  child: ChildProcess;
  /** Output so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when `text` has been printed; rejects if the process ends without printing it. */
  printed(text: string): Promise<void>;
  /** Exit code or signal. */
  ended: Promise<number | string>;
}

/** Starts `pnpm train` with `args` in `folder`; `nodeOptions` are for Node itself. */
export function startTraining(folder: string, args: readonly string[], nodeOptions: readonly string[] = []): Training {
  const child = spawn(process.execPath, ['--no-warnings', ...nodeOptions, CLI, ...args], { cwd: folder });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (piece: string) => {
      text[stream] += piece;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    ended,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    async printed(wanted) {
      let over = false;
      void ended.then(() => {
        over = true;
      });
      while (!text.stdout.includes(wanted)) {
        if (over) throw new Error(`it never printed '${wanted}':\n${text.stdout}\n${text.stderr}`);
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
    },
  };
}

/** Runs `pnpm train` to its end. */
export async function runTraining(
  folder: string,
  args: readonly string[],
): Promise<Training & { code: number | string }> {
  const training = startTraining(folder, args);
  const code = await training.ended;
  return Object.assign(training, { code });
}

/** Digest of the tensors in a run's newest checkpoint, and the state beside them. */
export async function newestCheckpoint(run: string): Promise<{ name: string; tensors: string; state: string }> {
  const name = (await readFile(join(run, 'latest'), 'utf8')).trim();
  const weights = await readFile(join(run, name, 'weights.safetensors'));
  const state = JSON.parse(await readFile(join(run, name, 'state.json'), 'utf8')) as Record<string, unknown>;
  // Time is not reproducible; everything else is.
  delete state['seconds'];
  delete (state['tick'] as Record<string, unknown>)['seconds'];
  return { name, tensors: createHash('sha256').update(weights).digest('hex'), state: JSON.stringify(state) };
}
