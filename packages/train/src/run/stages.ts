/** @module A run whose settings were changed on the way: what it was trained with, in order. */
import type { ChangeableConfig, Config } from '@latent-dogs/dcgan';
import { decay } from '@latent-dogs/dcgan';
import type { RunRecord } from './run-record.ts';

/** A resume from which on other settings held; `before`: those until then. */
export interface Change {
  imagesSeen: number;
  before: ChangeableConfig;
}

/** A part of a run, up to `until` images, with the settings that it had. */
export interface Stage {
  config: Config;
  /** Null: up to `images` of its settings. */
  until: number | null;
}

/** The record of a run that goes on after `imagesSeen` with `config`; what makes no difference to its tensors is no change. */
export function changed(record: RunRecord, config: Config, imagesSeen: number): RunRecord {
  // What was changed after this checkpoint went with what was learned then.
  const changes = (record.changes ?? []).filter((change) => change.imagesSeen < imagesSeen);
  const before = settingsAt(record, imagesSeen);
  if (!sameSoFar(before, config, imagesSeen)) changes.push({ imagesSeen, before });
  const { changes: _, ...rest } = record;
  return { ...rest, config, ...(changes.length > 0 ? { changes } : {}) };
}

/** In order; one where nothing was changed. */
export function stagesOf({ config, changes = [] }: Pick<RunRecord, 'config' | 'changes'>): Stage[] {
  return [
    ...changes.map(({ imagesSeen, before }) => ({
      config: { ...config, ...before },
      until: imagesSeen === before.images ? null : imagesSeen,
    })),
    { config, until: null },
  ];
}

/** What the last step up to `imagesSeen` was trained with. */
export const configAt = (record: RunRecord, imagesSeen: number): Config => ({
  ...record.config,
  ...settingsAt(record, imagesSeen),
});

function settingsAt({ config, changes = [] }: RunRecord, imagesSeen: number): ChangeableConfig {
  const { images, decayImages, augment } = changes.find((change) => change.imagesSeen >= imagesSeen)?.before ?? config;
  return { images, decayImages, augment };
}

/** Whether training with `after` from the beginning would have come to the same after `imagesSeen`. */
function sameSoFar(before: ChangeableConfig, after: ChangeableConfig, imagesSeen: number): boolean {
  if (imagesSeen === 0) return true;
  const equal = before.images === after.images && before.decayImages === after.decayImages;
  const constant = [before, after].every((settings) => decay(settings, imagesSeen) === 1);
  return String(before.augment) === String(after.augment) && (equal || constant);
}
