/** @module The settings of a run as its model publishes them: without the places of private files. */
import { basename, isAbsolute } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';

/** Of the path of the photos only the last part; of the trained networks' path too, unless it is below the working folder. */
export const published = (config: Config): Config => ({
  ...config,
  data: config.data === null ? null : config.data.split(/[/\\]/).filter(Boolean).at(-1)!,
  from:
    config.from !== null && (isAbsolute(config.from) || config.from.startsWith('..'))
      ? basename(config.from)
      : config.from,
});
