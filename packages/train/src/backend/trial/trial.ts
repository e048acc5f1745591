/** @module Tests whether a backend works on this machine, and how fast, by running steps with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, extname, join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { type Compute, flagsOf, nameOf } from '../compute.ts';
import type { TrialAnswer, TrialTask } from './process.ts';

/** Result of a trial: images per second and peak memory in bytes, or why it does not work. */
export type Trial =
  | { works: true; imagesPerSecond: number; peakMemory: number }
  | { works: false; reason: string; remedy: string };

/**
 * Runs a few steps of `config` with `compute`, for about `seconds`, in a child process.
 *
 * @param timeLimit seconds for everything; slower devices, such as software emulation, count as not working.
 */
export async function tryCompute(
  compute: Compute,
  config: Config,
  { seconds = 2, timeLimit = 60 }: { seconds?: number; timeLimit?: number } = {},
): Promise<Trial> {
  const task: TrialTask = { config: { ...config, ...compute }, seconds };
  // Same extension as this file: .ts in the repository, .mjs in a bundle.
  const script = join(import.meta.dirname, `process${extname(import.meta.filename)}`);
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeLimit * 1000);
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
  if (signal === 'SIGKILL') return failed(`its first steps were not done within ${timeLimit} s`);
  const lastLine = text.stderr.trim().split('\n').at(-1) ?? '';
  return failed(`its process ended with ${signal ?? code}${lastLine ? `: ${lastLine}` : ''}`);
}

/** The error message for a requested backend that does not work. */
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
  // Errors about TensorFlow contain both: 'reason. Remedy'.
  const explained = problem.match(/^--backend tensorflow: (.*?)\. ([A-Z][\s\S]*)$/);
  if (explained) return { works: false, reason: explained[1]!, remedy: explained[2]! };
  return { works: false, reason: unloadable(log) ?? reasonOf(problem), remedy: remedyFor(compute, precision) };
}

/** The library that ONNX Runtime could not load, from its log: the thrown error does not name it. */
function unloadable(log: string): string | null {
  const [, library, reason] = log.match(/Failed to load library (\S+) with error: (?:\S+: )?([^\n]*)/) ?? [];
  return library === undefined ? null : `${basename(library)} failed to load: ${reason}`;
}

/** ONNX Runtime's error as one line, without its source location. */
function reasonOf(problem: string): string {
  const [line = ''] = problem.split('\n');
  return line.replace(/^.* was false\. /, '').replace(/\.$/, '');
}

/** Runs onnxruntime-node's install script, which `pnpm install` skips. */
export const INSTALL_CUDA =
  'ONNXRUNTIME_NODE_INSTALL=cuda12 node packages/train/node_modules/onnxruntime-node/script/install.js';

function remedyFor(compute: Compute, precision: Config['precision']): string {
  const other = precision === 'mixed' ? 'or use --device cpu --precision fp32' : 'or use --device cpu';
  if (compute.backend === 'onnxruntime' && compute.device === 'webgpu')
    return `Install the graphics card's driver (on Linux with Vulkan: libvulkan1 and the card's), ${other}`;
  if (compute.backend === 'onnxruntime' && compute.device === 'cuda')
    return `Install the CUDA provider, for Linux x64 with CUDA 12 and cuDNN 9: ${INSTALL_CUDA}, ${other}`;
  return `Set it up again (pnpm setup:tensorflow --python PATH), or use --backend onnxruntime instead of ${nameOf(compute)}`;
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
