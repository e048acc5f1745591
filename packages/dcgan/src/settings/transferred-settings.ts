/** @module The settings of a run that starts from trained networks. */
import { presetConfig } from './presets.ts';
import { type Config, type SettingName, settingNames } from './settings.ts';

/** What the networks fix. */
export const networkSettings = settingNames(({ onTransfer }) => onTransfer === 'network');
/** What the source's recipe gives, unless a preset is named. */
const recipe = settingNames(({ onTransfer }) => onTransfer === 'default');

/**
 * Longest half-life of G's average by default. The average starts as the source's: with the 10,000 images of a long training, half of
 * what it shows would still be the source's dogs after 10,000 images (docs/transfer.md has figures).
 */
const AVERAGE_IMAGES = 1_000;

/**
 * Settings that shape the networks are the source's. The others are as given, or by default those of the source's recipe; with
 * a preset, those of the preset. Length, reporting and the average are those of a short training.
 *
 * @param from names the source in the new config.
 * @param given settings that the user gave; those in `networkSettings` must be the source's.
 */
export function transferredSettings(source: Config, from: string, given: Partial<Config>): Config {
  const names = given.preset === undefined ? [...networkSettings, ...recipe] : networkSettings;
  const preset = given.preset ?? source.preset;
  const config = { ...presetConfig(preset, given.data ?? null, true), ...valuesOf(source, names) };
  return { ...config, emaImages: Math.min(config.emaImages, AVERAGE_IMAGES), ...given, from };
}

const valuesOf = (config: Config, names: readonly SettingName[]): Partial<Config> =>
  Object.fromEntries(names.map((name) => [name, config[name]]));
