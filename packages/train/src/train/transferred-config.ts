/** @module The settings of a run that starts from trained networks. */
import { type Config, grownConfig, presetConfig, type SettingName, settingNames } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { checkTogether, contradictions } from './options.ts';

/** What the networks fix. */
const network = settingNames(({ onTransfer }) => onTransfer === 'network');
/** What the source's recipe gives, unless a preset is named. */
const recipe = settingNames(({ onTransfer }) => onTransfer === 'default');

/**
 * The settings of a new run: those that shape the networks are the source's. The others are as given, or by default those of the
 * source's recipe; with `--preset`, those of the preset. Length and reporting are those of a short training. With a `size` twice
 * the source's, the networks are the source's with one more layer each.
 *
 * @throws {UserError} naming each option that the networks contradict.
 */
export function transferredConfig(source: { folder: string; config: Config }, given: Partial<Config>): Config {
  const fixed = grows(source.config, given) ? grownConfig(source.config) : source.config;
  const refused = contradictions(given, fixed, (name) => network.includes(name), 'in them');
  if (refused.length > 0)
    throw new UserError(
      `--from: the networks are those of ${source.folder}; an option can't change ${refused.join(', ')}. ` +
        `Leave ${refused.length > 1 ? 'them' : 'it'} out, or train without --from`,
    );
  const names = given.preset === undefined ? [...network, ...recipe] : network;
  const preset = given.preset ?? source.config.preset;
  const config = {
    ...presetConfig(preset, given.data ?? null, true),
    ...valuesOf(fixed, names),
    ...given,
    from: source.folder,
  };
  checkTogether(config);
  return config;
}

/** Whether the new networks are twice as large as the source's. */
export const grows = (source: Config, { size }: Partial<Config>): boolean => size === source.size * 2;

const valuesOf = (config: Config, names: readonly SettingName[]): Partial<Config> =>
  Object.fromEntries(names.map((name) => [name, config[name]]));
