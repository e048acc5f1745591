/**
 * @module HEIC, the format of iPhones. sharp does not decode it, so libheif does, as WebAssembly. The package `libheif-js` (LGPL-3.0, like
 * sharp's libvips) is an optional dependency: without it, HEIC files are skipped with advice.
 */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SkippedPhoto } from './skipped-photo.ts';

export interface HeicRequest {
  bytes: Uint8Array;
  maxPixels: number;
}

export type HeicAnswer =
  /** uint8 [height, width, 4] RGBA */
  { pixels: Uint8Array; width: number; height: number } | { problem: string; detail: string };

/** Threads at most. Each holds a whole photo in memory, several times. */
const THREADS = Math.min(4, availableParallelism());
/** `libheif` prints its complaints with console.log, so the threads have streams of their own, which nobody reads. */
const OWN_STREAMS = { stdout: true, stderr: true };

const idle: Worker[] = [];
const waiting: ((worker: Worker) => void)[] = [];
let threads = 0;

/**
 * The primary image, upright.
 *
 * @throws SkippedPhoto
 */
export async function decodeHeic(bytes: Uint8Array, maxPixels: number) {
  if (!canDecodeHeic()) throw new SkippedPhoto('HEIC', 'libheif-js is not installed; convert the photos to JPEG');
  const worker = await takeWorker();
  // An idle thread does not keep the process running; one at work does.
  worker.ref();
  let alive = true;
  try {
    const answer = await new Promise<HeicAnswer>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.once('exit', () => reject(new Error('the decoder ended')));
      worker.postMessage({ bytes, maxPixels } satisfies HeicRequest);
    });
    if ('problem' in answer) throw new SkippedPhoto(answer.problem, answer.detail);
    return answer;
  } catch (error) {
    // A file may be so damaged that the decoder fails as a whole.
    alive = error instanceof SkippedPhoto;
    throw alive ? error : new SkippedPhoto('broken', `the HEIC file: ${(error as Error).message}`);
  } finally {
    worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
    giveBack(worker, alive);
  }
}

/** Whether the decoder is installed. */
export function canDecodeHeic(): boolean {
  try {
    import.meta.resolve('libheif-js/wasm-bundle.js');
    return true;
  } catch {
    return false;
  }
}

async function takeWorker(): Promise<Worker> {
  const free = idle.pop();
  if (free) return free;
  if (threads >= THREADS) return new Promise((resolve) => waiting.push(resolve));
  threads++;
  return startWorker();
}

function startWorker(): Worker {
  const worker = new Worker(new URL('heic-worker.ts', import.meta.url), OWN_STREAMS);
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

function giveBack(worker: Worker, alive: boolean): void {
  if (alive) worker.unref();
  else void worker.terminate();
  const next = waiting.shift();
  if (next) next(alive ? worker : startWorker());
  else if (alive) idle.push(worker);
  else threads--;
}

/** The ICC profile of a HEIC file; iPhones write Display P3. Null if there is none. */
export function heicProfile(bytes: Buffer): Buffer | null {
  for (const kind of ['prof', 'rICC']) {
    const at = bytes.indexOf(`colr${kind}`, 'latin1');
    if (at < 4) continue;
    const length = bytes.readUInt32BE(at - 4) - 12;
    const profile = bytes.subarray(at + 8, at + 8 + Math.max(0, length));
    if (profile.length === length && profile.toString('latin1', 36, 40) === 'acsp') return profile;
  }
  return null;
}
