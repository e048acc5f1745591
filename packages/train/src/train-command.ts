/** @module The command line that trains with a given config. */
import type { Config } from './config.ts';
import { flagOf } from './options.ts';
import { changedFromPreset } from './presets.ts';

/** `pnpm train` with all that differs from the preset, but for the settings of these names. */
export function trainCommand(config: Config, except: ReadonlySet<keyof Config> = new Set()): string {
  const options = [
    ...(config.data === null ? [] : [`--data ${quoted(config.data)}`]),
    ...(config.preset === 'dogs' ? [] : [`--preset ${config.preset}`]),
    ...changedFromPreset(config)
      .filter((key) => !except.has(key))
      .map((key) => settingFlag(config, key)),
  ];
  return ['pnpm train', ...options].join(' ');
}

/** The option that says what `config` has for `key`: `--norm-d batch`, `--no-spectral`, `--augment none`. */
export function settingFlag(config: Config, key: keyof Config): string {
  const value = config[key];
  if (typeof value === 'boolean') return value ? flagOf(key) : flagOf(key).replace('--', '--no-');
  if (Array.isArray(value)) return `${flagOf(key)} ${value.join(',') || 'none'}`;
  return `${flagOf(key)} ${quoted(String(value))}`;
}

const quoted = (word: string) => (/^[\w./,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
