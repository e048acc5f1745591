/** @module Which backends work on this machine, how fast, and remedies for the others. */

import type { Config } from '@latent-dogs/dcgan';
import { COMPUTES, type Compute, takesMixed } from '../backend/compute.ts';
import { findAddon } from '../backend/tensorflow/addon.ts';
import { type Trial, tryCompute } from '../backend/trial/trial.ts';
import { versions } from '../backend/versions.ts';
import { type Hardware, readHardware } from './hardware.ts';

export interface Finding {
  backend: Compute['backend'];
  device: Compute['device'];
  /** Version of the compute library; null: not installed. */
  version: string | null;
  works: boolean;
  imagesPerSecond: number | null;
  /** With `--precision mixed`; null: not possible. */
  mixedImagesPerSecond: number | null;
  /** Peak resident memory of the trial, in bytes. */
  peakMemory: number | null;
  problem: string | null;
  remedy: string | null;
}

export interface Diagnosis {
  hardware: Hardware;
  versions: Record<string, string>;
  /** One per backend and device, fastest first. */
  findings: Finding[];
}

/** Runs a few steps of `config` with each backend and device. */
export async function diagnose(
  config: Config,
  attempt: (compute: Compute, config: Config) => Promise<Trial> = tryCompute,
): Promise<Diagnosis> {
  const hardware = await readHardware();
  const found = versions();
  const addon = findAddon();
  const versionOf = ({ backend }: Compute): string | null => {
    if (backend === 'onnxruntime') return found['onnxruntime-node'] ?? null;
    return addon && (addon.record?.tensorflow ?? PINNED);
  };
  const findings: Finding[] = [];
  // Sequentially: parallel trials would slow each other down.
  for (const compute of COMPUTES) {
    const trial = await attempt(compute, config);
    const mixed = trial.works && takesMixed(compute) ? await attempt(compute, { ...config, precision: 'mixed' }) : null;
    findings.push(finding(compute, versionOf(compute), trial, mixed));
  }
  findings.sort((a, b) => (b.imagesPerSecond ?? -1) - (a.imagesPerSecond ?? -1));
  return { hardware, versions: found, findings };
}

/** The TensorFlow version that tfjs-node-gpu 4.22 downloads. */
const PINNED = '2.9.1';

function finding(compute: Compute, version: string | null, trial: Trial, mixed: Trial | null): Finding {
  const { works } = trial;
  return {
    ...compute,
    version,
    works,
    imagesPerSecond: works ? trial.imagesPerSecond : null,
    mixedImagesPerSecond: mixed?.works ? mixed.imagesPerSecond : null,
    peakMemory: works ? trial.peakMemory : null,
    problem: works ? null : trial.reason,
    remedy: works ? null : trial.remedy,
  };
}
