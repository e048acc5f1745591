/** @module The settings of networks twice as large that start from trained ones, see training/grow.ts. */
import { UserError } from '@latent-dogs/latent';
import type { NetworkConfig } from '../networks/network.ts';
import { isLegal } from './setting.ts';
import { type Config, settings } from './settings.ts';

/**
 * The config of networks of twice the size in which the layers that stay have the channels that they had.
 *
 * @throws {UserError} if there are no such networks.
 */
export function grownConfig<T extends NetworkConfig>(config: T): T {
  const grown = { ...config, size: config.size * 2, channels: config.channels / 2 };
  if (!isLegal(settings.size, grown.size))
    throw new UserError(`--size: networks of ${config.size} pixels are the largest; they can't start larger ones`);
  if (!isLegal(settings.channels, grown.channels))
    throw new UserError(
      `--size: networks of ${config.channels} base channels can't grow to ${grown.size} pixels, with half as many; legal: even numbers from 16`,
    );
  return grown;
}

/** Whether the new networks are twice as large as the source's. */
export const grows = (source: Config, { size }: Partial<Config>): boolean => size === source.size * 2;
