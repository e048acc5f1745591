/** @module Results of trials, kept for this machine as it is: other drivers, versions or settings make another key. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism, cpus, hostname } from 'node:os';
import { join } from 'node:path';
import { type Config, settingNames } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';
import { DEFAULT_CACHE_FOLDER } from '../../data/cache-folder.ts';
import type { Compute } from '../compute.ts';
import { addonFolder } from '../tensorflow/addon.ts';
import { versions } from '../versions.ts';
import type { Trial } from './trial.ts';

/** What failed is tried again after this: the user may have installed something that no key shows. */
const FAILURE_LASTS_MS = 60_000;

interface Memory {
  time: number;
  trial: Trial;
}

/** null where there is none, or it is too old. */
export async function rememberedTrial(compute: Compute, config: Config): Promise<Trial | null> {
  try {
    const { time, trial } = JSON.parse(await readFile(await fileFor(compute, config), 'utf8')) as Memory;
    return trial.works || Date.now() - time < FAILURE_LASTS_MS ? trial : null;
  } catch {
    return null;
  }
}

export async function rememberTrial(compute: Compute, config: Config, trial: Trial): Promise<void> {
  const file = await fileFor(compute, config);
  const memory: Memory = { time: Date.now(), trial };
  // A folder that can't be written costs the next start another trial, no more.
  await writeFileAtomically(file, JSON.stringify(memory)).catch(() => {});
}

async function fileFor(compute: Compute, config: Config): Promise<string> {
  const folder = join(DEFAULT_CACHE_FOLDER, 'trials');
  await mkdir(folder, { recursive: true }).catch(() => {});
  const key = { compute, shape: shapeOf(config), machine: await machine() };
  return join(folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)}.json`);
}

/** The settings that the time of a step depends on. */
const shapeOf = (config: Config) =>
  settingNames(({ shapesStep }) => shapesStep === true).map((name) => [name, config[name]]);

async function machine() {
  const environment = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES'];
  return {
    hostname: hostname(),
    processor: cpus()[0]?.model,
    threads: availableParallelism(),
    versions: versions(),
    environment: environment.map((name) => process.env[name] ?? null),
    nvidia: await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => null),
    vulkan: await Promise.all(
      ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d'].map((at) => readdir(at).catch(() => [])),
    ),
    tensorflow: await stat(addonFolder()).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    ),
  };
}
