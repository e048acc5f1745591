/** @module A cache of trials. Its keys include the machine's drivers, versions and settings. */
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

/** A failed trial is repeated after this: the user may have installed something that the key does not cover. */
const FAILURE_LIFETIME_MS = 60_000;

interface Entry {
  time: number;
  trial: Trial;
}

/** The cached trial; null if there is none, or it failed too long ago. */
export async function cachedTrial(compute: Compute, config: Config): Promise<Trial | null> {
  try {
    const { time, trial } = JSON.parse(await readFile(await fileFor(compute, config), 'utf8')) as Entry;
    return trial.works || Date.now() - time < FAILURE_LIFETIME_MS ? trial : null;
  } catch {
    return null;
  }
}

/** Stores a trial; does nothing if the folder is not writable. */
export async function cacheTrial(compute: Compute, config: Config, trial: Trial): Promise<void> {
  const file = await fileFor(compute, config);
  const entry: Entry = { time: Date.now(), trial };
  // If the folder is not writable, the next start repeats the trial.
  await writeFileAtomically(file, JSON.stringify(entry)).catch(() => {});
}

async function fileFor(compute: Compute, config: Config): Promise<string> {
  const folder = join(DEFAULT_CACHE_FOLDER, 'trials');
  await mkdir(folder, { recursive: true }).catch(() => {});
  const key = { compute, shape: shapeOf(config), machine: await machine() };
  return join(folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)}.json`);
}

/** The settings that affect the time of a step. */
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
