/** @module The settings of a run that starts from trained networks. */
import { type Config, grownConfig, grows, networkSettings, transferredSettings } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { checkTogether, contradictions } from './options.ts';

/**
 * The settings of a new run: those that shape the networks are the source's. The others are as given, or by default those of the
 * source's recipe; with `--preset`, those of the preset. Length and reporting are those of a short training. With a `size` twice
 * the source's, the networks are the source's with one more layer each.
 *
 * @throws {UserError} naming each option that the networks contradict.
 */
export function transferredConfig(source: { folder: string; config: Config }, given: Partial<Config>): Config {
  const fixed = grows(source.config, given) ? grownConfig(source.config) : source.config;
  const refused = contradictions(given, fixed, (name) => networkSettings.includes(name), 'in them');
  if (refused.length > 0)
    throw new UserError(
      `--from: the networks are those of ${source.folder}; an option can't change ${refused.join(', ')}. ` +
        `Leave ${refused.length > 1 ? 'them' : 'it'} out, or train without --from`,
    );
  const config = transferredSettings(fixed, source.folder, given);
  checkTogether(config);
  return config;
}
