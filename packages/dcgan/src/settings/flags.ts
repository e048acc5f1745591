/** @module Settings as options of `pnpm train`. */
import type { Config, SettingName } from './settings.ts';

/** `lrG` -> `lr-g`. */
export const optionName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `lrG` -> `--lr-g`. */
export const flagOf = (name: string): string => `--${optionName(name)}`;

/** The option that gives `config`'s value of a setting: `--norm-d batch`, `--no-spectral`, `--augment none`. */
export function settingFlag(config: Config, name: SettingName): string {
  const value = config[name];
  if (typeof value === 'boolean') return value ? flagOf(name) : `--no-${optionName(name)}`;
  if (Array.isArray(value)) return `${flagOf(name)} ${value.join(',') || 'none'}`;
  return `${flagOf(name)} ${quoted(String(value))}`;
}

/** A word quoted for a POSIX shell, where needed. */
export const quoted = (word: string): string =>
  /^[\w./,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
