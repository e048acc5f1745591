/** @module The settings that a run was trained with, where a resume changed them. */
import { type Config, decay, type RecordedSettings, recordedNames } from '@latent-dogs/dcgan';
import type { RunRecord } from './run-record.ts';

/** A part of a run that was trained with one set of settings, up to `until` images. */
export interface Stage {
  config: Config;
  /** Null: up to the `images` of its settings. */
  until: number | null;
}

/** The record of a run that is resumed at `imagesSeen` with `config`. Only what changes its tensors counts as a change. */
export function changed(record: RunRecord, config: Config, imagesSeen: number): RunRecord {
  // Changes after this checkpoint are undone with the training that followed them.
  const changes = (record.changes ?? []).filter((change) => change.imagesSeen < imagesSeen);
  const before = settingsAt(record, imagesSeen);
  if (!sameSoFar(before, config, imagesSeen)) changes.push({ imagesSeen, before });
  const { changes: _, ...rest } = record;
  return { ...rest, config, ...(changes.length > 0 ? { changes } : {}) };
}

/** Oldest first; a single one if nothing was changed. */
export function stagesOf({ config, changes = [] }: Pick<RunRecord, 'config' | 'changes'>): Stage[] {
  return [
    ...changes.map(({ imagesSeen, before }) => ({
      config: { ...config, ...before },
      until: imagesSeen === before.images ? null : imagesSeen,
    })),
    { config, until: null },
  ];
}

/** The settings of the last step up to `imagesSeen`. */
export const configAt = (record: RunRecord, imagesSeen: number): Config => ({
  ...record.config,
  ...settingsAt(record, imagesSeen),
});

function settingsAt({ config, changes = [] }: RunRecord, imagesSeen: number): RecordedSettings {
  const held = changes.find((change) => change.imagesSeen >= imagesSeen)?.before ?? config;
  return Object.fromEntries(recordedNames.map((name) => [name, held[name]])) as RecordedSettings;
}

/** Whether training with `after` from the beginning would have come to the same after `imagesSeen`. */
function sameSoFar(before: RecordedSettings, after: RecordedSettings, imagesSeen: number): boolean {
  if (imagesSeen === 0) return true;
  // How long a run goes on and when its rates fall makes a difference only once they do.
  const constantRates = [before, after].every((settings) => decay(settings, imagesSeen) === 1);
  const without = constantRates ? ['images', 'decayImages'] : [];
  return recordedNames.every((name) => without.includes(name) || String(before[name]) === String(after[name]));
}
