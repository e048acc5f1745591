/** @module Whether a backend works here, and how fast: found out by taking a step with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, extname, join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { type Compute, flagsOf, nameOf } from '../compute.ts';
import type { TrialAnswer, TrialTask } from './process.ts';

export type Trial =
  | { works: true; imagesPerSecond: number; peakMemory: number }
  | { works: false; reason: string; remedy: string };

/**
 * Takes a few steps of `config` with `compute`, for about `seconds`, in a process of its own.
 * @param patience seconds for all of it; a device that takes longer is none to train on, such as software that imitates one.
 */
export async function tryCompute(
  compute: Compute,
  config: Config,
  { seconds = 2, patience = 60 }: { seconds?: number; patience?: number } = {},
): Promise<Trial> {
  const task: TrialTask = { config: { ...config, ...compute }, seconds };
  // Beside this file under its own ending: .ts here, .js where the trainer was bundled.
  const script = join(import.meta.dirname, `process${extname(import.meta.filename)}`);
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), patience * 1000);
  const text = collect(child);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(timer);
  const answer = lastAnswer(text.stdout);
  if (answer && 'imagesPerSecond' in answer) {
    const { imagesPerSecond, peakMemory } = answer;
    return { works: true, imagesPerSecond, peakMemory };
  }
  const failed = (problem: string, log = '') => failure(compute, config.precision, problem, log);
  if (answer) return failed(answer.problem, text.stderr);
  if (signal === 'SIGKILL') return failed(`its first steps were not done within ${patience} s`);
  const lastWords = text.stderr.trim().split('\n').at(-1) ?? '';
  return failed(`its process ended with ${signal ?? code}${lastWords ? `: ${lastWords}` : ''}`);
}

/** What the user is told of a backend that was asked for and does not work. */
export function explain(
  compute: Compute,
  precision: Config['precision'],
  { reason, remedy }: { reason: string; remedy: string },
): string {
  const asked = precision === 'mixed' ? `${flagsOf(compute)} --precision mixed` : flagsOf(compute);
  return `${asked} does not work on this machine: ${reason}. ${remedy}`;
}

function failure(compute: Compute, precision: Config['precision'], problem: string, log: string): Trial {
  if (/requires f16 but the device does not support it/.test(problem))
    return {
      works: false,
      reason: "its driver has no float16 (WebGPU's shader-f16)",
      remedy: 'Use --precision fp32',
    };
  // TensorFlow's own errors name both: 'reason. Remedy'.
  const told = problem.match(/^--backend tensorflow: (.*?)\. ([A-Z][\s\S]*)$/);
  if (told) return { works: false, reason: told[1]!, remedy: told[2]! };
  return { works: false, reason: unloadable(log) ?? reasonOf(problem), remedy: remedyFor(compute, precision) };
}

/** What ONNX Runtime logged of a library that it could not load: the error it throws does not name it. */
function unloadable(log: string): string | null {
  const [, library, reason] = log.match(/Failed to load library (\S+) with error: (?:\S+: )?([^\n]*)/) ?? [];
  return library === undefined ? null : `${basename(library)} failed to load: ${reason}`;
}

/** What ONNX Runtime says, for a person: one line, without the place in its source that failed. */
function reasonOf(problem: string): string {
  const [line = ''] = problem.split('\n');
  return line.replace(/^.* was false\. /, '').replace(/\.$/, '');
}

/** onnxruntime-node's own install script, which `pnpm install` does not run. */
export const FETCH_CUDA =
  'ONNXRUNTIME_NODE_INSTALL=cuda12 node packages/train/node_modules/onnxruntime-node/script/install.js';

function remedyFor(compute: Compute, precision: Config['precision']): string {
  const other = precision === 'mixed' ? 'or use --device cpu --precision fp32' : 'or use --device cpu';
  if (compute.backend === 'onnxruntime' && compute.device === 'webgpu')
    return `Install the graphics card's driver (on Linux with Vulkan: libvulkan1 and the card's), ${other}`;
  if (compute.backend === 'onnxruntime' && compute.device === 'cuda')
    return `Fetch the CUDA provider, for Linux x64 with CUDA 12 and cuDNN 9: ${FETCH_CUDA}, ${other}`;
  return `Set it up again (pnpm setup:tensorflow --python PATH), or leave ${nameOf(compute)} aside: --backend onnxruntime`;
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]!.setEncoding('utf8').on('data', (piece: string) => {
      text[stream] += piece;
    });
  return text;
}

function lastAnswer(stdout: string): TrialAnswer | null {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? (JSON.parse(line) as TrialAnswer) : null;
}
