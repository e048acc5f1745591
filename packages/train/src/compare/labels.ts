/** @module Labels of runs: the settings in which they differ, written as options. */
import { type Config, changedFromPreset, decay, settingFlag, settingNames } from '@latent-dogs/dcgan';
import { configAt } from '../run/stages.ts';
import type { Run } from './runs.ts';

/** Labels leave out the data (equal in all runs), the length, and how often things are written. */
const labelled = settingNames(({ role }) => role === 'recipe' || role === 'compute');

interface Labels {
  /** One per run, all different: `dogs --norm-d batch`. */
  labels: string[];
  /** Options shared by all runs that differ from the preset. */
  common: string[];
}

/** Labels by the settings in effect after `imagesSeen` images; by default at the end. */
export function labelsOf(runs: readonly Run[], imagesSeen = Number.POSITIVE_INFINITY): Labels {
  const configs = runs.map(({ record }) => {
    const config = configAt(record, imagesSeen);
    return decay(config, imagesSeen) === 1 ? { ...config, decayImages: 0 } : config;
  });
  const first = configs[0]!;
  const differing = new Set(
    labelled.filter((key) => configs.some((config) => String(config[key]) !== String(first[key]))),
  );
  const changed = configs.map(changedFromPreset);
  const labels = configs.map((config, i) =>
    [
      config.preset,
      ...flags(
        config,
        changed[i]!.filter((key) => differing.has(key)),
      ),
    ].join(' '),
  );
  // A shared backend and device would always differ from the presets' `auto`, and don't matter.
  const shared = labelled.filter((key) => !differing.has(key) && key !== 'backend' && key !== 'device');
  return {
    labels: labels.map((label, i) => (isUnique(label, labels) ? label : `${label} (${runs[i]!.name})`)),
    common: flags(
      first,
      shared.filter((key) => changed.some((some) => some.includes(key))),
    ),
  };
}

const flags = (config: Config, keys: readonly (keyof Config)[]) => keys.map((key) => settingFlag(config, key));

const isUnique = (label: string, labels: readonly string[]) => labels.indexOf(label) === labels.lastIndexOf(label);
