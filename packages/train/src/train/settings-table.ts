/** @module The resolved settings as text, printed before training starts. */
import { alignedTable, grouped } from '@latent-dogs/command-line';
import type { Config } from '@latent-dogs/dcgan';
import { changedFromPreset, presetOf } from '@latent-dogs/dcgan';

export interface Setting {
  name: string;
  value: string;
  /** The preset's value, if different from `value`. */
  preset: string | null;
}

/** Every setting of `config`, in the order of the config file. */
export function settings(config: Config): Setting[] {
  const preset = presetOf(config);
  const changed = new Set(changedFromPreset(config));
  return (Object.keys(preset) as (keyof Config)[]).map((name) => ({
    name,
    value: showSetting(name, config[name]),
    preset: changed.has(name) ? showSetting(name, preset[name]) : null,
  }));
}

/** An aligned table, one setting per line; `*` marks differences from the preset. */
export function settingsTable(config: Config): string {
  const rows = settings(config);
  // Not a third column: a long path of photos would push the presets' values far to the right.
  const valueWidth = Math.max(0, ...rows.filter(({ preset }) => preset !== null).map(({ value }) => value.length));
  const cells = rows.map(({ name, value, preset }) =>
    preset === null
      ? [`  ${name}`, value]
      : [`* ${name}`, `${value.padEnd(valueWidth)}  (preset ${config.preset}: ${preset})`],
  );
  return alignedTable(cells, () => true);
}

/** The plan that `--dry-run` prints. `resumed`: the run folder to resume; null: a new run. */
export function planText(config: Config, out: string, resumed: string | null): string {
  const { size, batch, images, tickEvery, sheetEvery, checkpointEvery } = config;
  const source = config.data ?? 'drawn dogs';
  const steps = grouped(Math.ceil(images / batch));
  return [
    `Would train on ${source} at ${size}x${size}: ${grouped(images)} images in ${steps} steps of ${batch}.`,
    `Would ${resumed === null ? `make a new run folder in ${out}` : `resume ${resumed}`}: a log line every ` +
      `${grouped(tickEvery)} images, a sheet every ${grouped(sheetEvery)}, a checkpoint every ${grouped(checkpointEvery)}.`,
    ...(config.data !== null && config.crop === 'face'
      ? ["Would cut the dog's face out of each photo, leave photos without one out, and count and name those."]
      : []),
  ].join('\n');
}

/** One value as text: large numbers grouped, yes and no, `none`. */
function showSetting(name: keyof Config, value: Config[keyof Config]): string {
  if (value === null) return name === 'data' ? 'drawn dogs' : name === 'from' ? 'random weights' : 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value === 'number' && value >= 10_000 && name !== 'seed') return grouped(value);
  return String(value);
}
