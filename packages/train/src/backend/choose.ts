/** @module `--backend` and `--device`: what a training computes with, decided before anything else is done. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { type Compute, candidates, EVERYWHERE, flagsOf, nameOf } from './compute.ts';
import { findAddon } from './tensorflow/addon.ts';
import { rememberedTrial, rememberTrial } from './trial/memory.ts';
import { explain, FETCH_CUDA, type Trial, tryCompute } from './trial/trial.ts';

export interface Choice {
  compute: Compute;
  /** One line for the user: what, and why. */
  line: string;
}

/** A network and a batch for which only working or not counts. */
const SMALLEST = { channels: 8, batch: 2, latent: 8 } satisfies Partial<Config>;

/** Seconds for the first steps. Who asks for a device may wait for a driver that compiles slowly; nobody else should. */
const PATIENCE = { choosing: 60, asked: 600 };

/**
 * What `config` computes with. Where it leaves a choice, the fastest at a few steps of this very config; each result is
 * remembered for this machine.
 *
 * @throws UserError where what it asks for does not work here, with the reason and what to do.
 */
export async function chooseCompute(
  config: Config,
  attempt: (compute: Compute, config: Config, patience: number) => Promise<Trial> = rememberedOrNew,
  isSetUp: (compute: Compute) => boolean = isFetched,
): Promise<Choice> {
  const open = candidates(config).filter((compute) => {
    // TensorFlow without a word about the device means its GPU: its CPU is for those who name it.
    if (config.backend === 'tensorflow') return compute.device !== 'cpu' || config.device === 'cpu';
    // What nobody has fetched needs no trial, unless it is all that was asked for.
    return isSetUp(compute) || (compute.backend === config.backend && compute.device === config.device);
  });
  const [only] = open;
  if (!only) throw new UserError(`--device ${config.device}: ${NONE_FETCHED}`);
  if (open.length > 1) return fastest(open, (compute) => attempt(compute, config, PATIENCE.choosing));
  if (!isEverywhere(only)) {
    const trial = await attempt(only, { ...config, ...SMALLEST }, PATIENCE.asked);
    if (!trial.works) throw new UserError(explain(only, config.precision, trial));
  }
  return { compute: only, line: `Computing with ${described(only)} (${flagsOf(only)}).` };
}

async function fastest(open: readonly Compute[], attempt: (compute: Compute) => Promise<Trial>): Promise<Choice> {
  const notes: string[] = [];
  const working: { compute: Compute; imagesPerSecond: number }[] = [];
  for (const compute of open) {
    // What runs everywhere need only be timed where there is something to compare it with.
    if (isEverywhere(compute) && working.length === 0) continue;
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
  if (open.some(isEverywhere)) {
    const line = `${described(EVERYWHERE)}: no other works here${inBrackets(notes)}`;
    return { compute: EVERYWHERE, line: `Computing with ${line}.` };
  }
  throw new UserError(`Nothing that was asked for works on this machine: ${notes.join('; ')}`);
}

const NONE_FETCHED = `nothing that computes on CUDA is set up. Set up TensorFlow (pnpm setup:tensorflow --python PATH), or fetch ONNX Runtime's CUDA provider: ${FETCH_CUDA}`;

/** TensorFlow and ONNX Runtime's CUDA provider don't come with `pnpm install`. */
function isFetched({ backend, device }: Compute): boolean {
  if (backend === 'tensorflow') return findAddon() !== null;
  return device !== 'cuda' || existsSync(join(runtimeFolder(), 'libonnxruntime_providers_cuda.so'));
}

/** Where onnxruntime-node keeps its libraries. */
function runtimeFolder(): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

const isEverywhere = ({ backend, device }: Compute) => backend === EVERYWHERE.backend && device === EVERYWHERE.device;

/** Threads are named because the number of them changes a run's last bits. */
const described = (compute: Compute): string =>
  compute.device === 'cpu' ? `${nameOf(compute)}, ${availableParallelism()} threads` : nameOf(compute);

async function rememberedOrNew(compute: Compute, config: Config, patience: number): Promise<Trial> {
  const known = await rememberedTrial(compute, config);
  if (known) return known;
  const trial = await tryCompute(compute, config, { patience });
  await rememberTrial(compute, config, trial);
  return trial;
}
