/** @module Resolves `--backend` and `--device` before training starts. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { type Compute, candidates, FALLBACK, flagsOf, nameOf } from './compute.ts';
import { findAddon } from './tensorflow/addon.ts';
import { cachedTrial, cacheTrial } from './trial/cache.ts';
import { explain, INSTALL_CUDA, type Trial, tryCompute } from './trial/trial.ts';

interface Choice {
  compute: Compute;
  /** One line for the user: the choice and its reason. */
  line: string;
}

/** A small network and batch, for a trial that only tests whether a backend works. */
const SMALLEST = { channels: 8, batch: 2, latent: 8 } satisfies Partial<Config>;

/** Seconds allowed for a trial. A device that was asked for gets longer, for drivers that compile slowly. */
const TIME_LIMIT = { choosing: 60, asked: 600 };

/**
 * Resolves backend and device of `config`. If several are possible, a few steps of this config decide which is fastest;
 * results are cached per machine.
 *
 * @throws UserError if the requested backend or device does not work here, with reason and remedy.
 */
export async function chooseCompute(
  config: Config,
  attempt: (compute: Compute, config: Config, timeLimit: number) => Promise<Trial> = cachedOrNew,
  isSetUp: (compute: Compute) => boolean = isInstalled,
): Promise<Choice> {
  const open = candidates(config).filter((compute) => {
    // --backend tensorflow alone means its GPU; its CPU must be asked for.
    if (config.backend === 'tensorflow') return compute.device !== 'cpu' || config.device === 'cpu';
    // A backend that is not installed needs no trial, unless it was asked for.
    return isSetUp(compute) || (compute.backend === config.backend && compute.device === config.device);
  });
  const [only] = open;
  if (!only) throw new UserError(`--device ${config.device}: ${NONE_INSTALLED}`);
  if (open.length > 1) return fastest(open, (compute) => attempt(compute, config, TIME_LIMIT.choosing));
  if (!isFallback(only)) {
    const trial = await attempt(only, { ...config, ...SMALLEST }, TIME_LIMIT.asked);
    if (!trial.works) throw new UserError(explain(only, config.precision, trial));
  }
  return { compute: only, line: `Computing with ${described(only)} (${flagsOf(only)}).` };
}

async function fastest(open: readonly Compute[], attempt: (compute: Compute) => Promise<Trial>): Promise<Choice> {
  const notes: string[] = [];
  const working: { compute: Compute; imagesPerSecond: number }[] = [];
  for (const compute of open) {
    // The fallback always works; time it only if there is something to compare it with.
    if (isFallback(compute) && working.length === 0) continue;
    const trial = await attempt(compute);
    if (trial.works) working.push({ compute, imagesPerSecond: trial.imagesPerSecond });
    else notes.push(`${nameOf(compute)}: ${trial.reason}`);
  }
  const inBrackets = (texts: readonly string[]) => (texts.length > 0 ? ` (${texts.join('; ')})` : '');
  const [best, ...slower] = working.toSorted((a, b) => b.imagesPerSecond - a.imagesPerSecond);
  if (best) {
    const speed = (imagesPerSecond: number) => `${Math.round(imagesPerSecond)} images/s`;
    const others = slower.map(({ compute, imagesPerSecond }) => `${nameOf(compute)}: ${speed(imagesPerSecond)}`);
    const line = `${described(best.compute)}: the fastest here at ${speed(best.imagesPerSecond)}${inBrackets([...others, ...notes])}`;
    return { compute: best.compute, line: `Computing with ${line}.` };
  }
  if (open.some(isFallback)) {
    const line = `${described(FALLBACK)}: no other backend works here${inBrackets(notes)}`;
    return { compute: FALLBACK, line: `Computing with ${line}.` };
  }
  throw new UserError(`--backend, --device: none of the possible choices works on this machine: ${notes.join('; ')}`);
}

const NONE_INSTALLED = `no backend with CUDA is installed; set up TensorFlow (pnpm setup:tensorflow --python PATH), or install ONNX Runtime's CUDA provider: ${INSTALL_CUDA}`;

/** `pnpm install` does not install TensorFlow or ONNX Runtime's CUDA provider. */
function isInstalled({ backend, device }: Compute): boolean {
  if (backend === 'tensorflow') return findAddon() !== null;
  return device !== 'cuda' || existsSync(join(runtimeFolder(), 'libonnxruntime_providers_cuda.so'));
}

/** The folder of onnxruntime-node's libraries. */
function runtimeFolder(): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

const isFallback = ({ backend, device }: Compute) => backend === FALLBACK.backend && device === FALLBACK.device;

/** Includes the number of threads, which changes a run's last bits. */
const described = (compute: Compute): string =>
  compute.device === 'cpu' ? `${nameOf(compute)}, ${availableParallelism()} threads` : nameOf(compute);

/** Images per second of `compute` with `config`, measured now or earlier; null if it does not work. */
export async function speedOf(compute: Compute, config: Config): Promise<number | null> {
  const trial = await cachedOrNew(compute, config, TIME_LIMIT.choosing);
  return trial.works ? trial.imagesPerSecond : null;
}

async function cachedOrNew(compute: Compute, config: Config, timeLimit: number): Promise<Trial> {
  const known = await cachedTrial(compute, config);
  if (known) return known;
  const trial = await tryCompute(compute, config, { timeLimit });
  await cacheTrial(compute, config, trial);
  return trial;
}
