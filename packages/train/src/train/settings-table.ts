/** @module The resolved settings as a person reads them before training starts. */
import { grouped } from '@latent-dogs/command-line';
import type { Config } from '@latent-dogs/dcgan';
import { changedFromPreset, presetConfig } from '@latent-dogs/dcgan';

export interface Setting {
  name: string;
  value: string;
  /** What the preset says, where `value` is something else. */
  preset: string | null;
}

/** Every setting of `config`, in the order of the config file. */
export function settings(config: Config): Setting[] {
  const preset = presetConfig(config.preset, config.data);
  const changed = new Set(changedFromPreset(config));
  return (Object.keys(preset) as (keyof Config)[]).map((name) => ({
    name,
    value: showSetting(name, config[name]),
    preset: changed.has(name) ? showSetting(name, preset[name]) : null,
  }));
}

/** An aligned table, one setting a line; `*` marks what differs from the preset. */
export function settingsTable(config: Config): string {
  const rows = settings(config);
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const valueWidth = Math.max(...rows.filter(({ preset }) => preset !== null).map(({ value }) => value.length), 0);
  return rows
    .map(({ name, value, preset }) =>
      preset === null
        ? `  ${name.padEnd(nameWidth)}  ${value}`
        : `* ${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  (preset ${config.preset}: ${preset})`,
    )
    .join('\n');
}

/** What training would do, in words: the answer to `--dry-run`. `resumed`: the run folder it would go on with. */
export function planText(config: Config, out: string, resumed: string | null): string {
  const { size, batch, images, tickEvery, sheetEvery, checkpointEvery } = config;
  const source = config.data ?? 'dogs it draws itself';
  const steps = grouped(Math.ceil(images / batch));
  return [
    `Would train on ${source} at ${size}x${size}: ${grouped(images)} images in ${steps} steps of ${batch}.`,
    `Would ${resumed === null ? `make a new run folder in ${out}` : `go on with ${resumed}`}: a log line every ` +
      `${grouped(tickEvery)} images, a sheet every ${grouped(sheetEvery)}, a checkpoint every ${grouped(checkpointEvery)}.`,
    'Nothing was done; leave out --dry-run to do it.',
  ].join('\n');
}

/** One value in words: numbers of images grouped, yes and no, `none`. */
export function showSetting(name: keyof Config, value: Config[keyof Config]): string {
  if (value === null) return name === 'data' ? 'drawn dogs' : 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value === 'number' && value >= 10_000 && name !== 'seed') return grouped(value);
  return String(value);
}
