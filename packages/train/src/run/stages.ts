/** @module The stages of a run whose settings were changed by resumes. */

import type { RunRecord } from '@latent-dogs/dcgan';
import { type Config, decay, type RecordedSettings, recordedNames } from '@latent-dogs/dcgan';

/** A part of a run with constant settings, up to `until` images. */
export interface Stage {
  config: Config;
  /** Null: up to `config.images`. */
  until: number | null;
}

/** The new record when a run is resumed at `imagesSeen` with `config`. Only settings that affect the tensors are recorded. */
export function changed(record: RunRecord, config: Config, imagesSeen: number): RunRecord {
  // Changes after this checkpoint are dropped with the training that followed them.
  const changes = (record.changes ?? []).filter((change) => change.imagesSeen < imagesSeen);
  const before = settingsAt(record, imagesSeen);
  if (!sameSoFar(before, config, imagesSeen)) changes.push({ imagesSeen, before });
  const { changes: _, ...rest } = record;
  return { ...rest, config, ...(changes.length > 0 ? { changes } : {}) };
}

/** The stages of a run, oldest first; a single one if nothing was changed. */
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

/** Whether training with `after` from the beginning would have given the same tensors at `imagesSeen`. */
function sameSoFar(before: RecordedSettings, after: RecordedSettings, imagesSeen: number): boolean {
  if (imagesSeen === 0) return true;
  // Length and decay of a run matter only once its rates decay.
  const constantRates = [before, after].every((settings) => decay(settings, imagesSeen) === 1);
  const ignored = constantRates ? ['images', 'decayImages'] : [];
  return recordedNames.every((name) => ignored.includes(name) || String(before[name]) === String(after[name]));
}
