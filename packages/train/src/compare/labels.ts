/** @module What tells runs apart: the settings that are not the same in all of them, written as options. */
import type { Config } from '@latent-dogs/dcgan';
import { changedFromPreset, decay } from '@latent-dogs/dcgan';
import { configAt } from '../run/stages.ts';
import { settingFlag } from '../run/train-command.ts';
import type { Run } from './runs.ts';

/** What a run trains on is the same in all; how long it goes on and what it writes when don't make it another recipe. */
const unlabelled = new Set<keyof Config>([
  ...(['preset', 'data', 'size', 'images'] as const),
  ...(['tick', 'sheet', 'checkpoint', 'evaluate'] as const),
]);

export interface Labels {
  /** One each, no two alike: `dogs --norm-d batch`. */
  labels: string[];
  /** Options that hold for all and aren't what every preset says anyway. */
  common: string[];
}

/** Of the settings after `imagesSeen`; if absent, at the end. */
export function labelsOf(runs: readonly Run[], imagesSeen = Number.POSITIVE_INFINITY): Labels {
  const configs = runs.map(({ record }) => {
    const config = configAt(record, imagesSeen);
    return decay(config, imagesSeen) === 1 ? { ...config, decayImages: 0 } : config;
  });
  const first = configs[0]!;
  const keys = (Object.keys(first) as (keyof Config)[]).filter((key) => !unlabelled.has(key));
  const differing = new Set(keys.filter((key) => configs.some((config) => String(config[key]) !== String(first[key]))));
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
  // What computed all of them is of no interest, and no preset has a word on it but `auto`.
  const shared = keys.filter((key) => !differing.has(key) && key !== 'backend' && key !== 'device');
  return {
    labels: labels.map((label, i) => (isAlone(label, labels) ? label : `${label} (${runs[i]!.name})`)),
    common: flags(
      first,
      shared.filter((key) => changed.some((some) => some.includes(key))),
    ),
  };
}

const flags = (config: Config, keys: readonly (keyof Config)[]) => keys.map((key) => settingFlag(config, key));

const isAlone = (label: string, labels: readonly string[]) => labels.indexOf(label) === labels.lastIndexOf(label);
