/** @module The settings of wrangler.jsonc, for Workers started by tests and benchmarks. */

import { join, resolve } from 'node:path';
import { type Unstable_RawConfig, unstable_readConfig } from 'wrangler';

export const PACKAGE = resolve(import.meta.dirname, '../..');

/** The settings of wrangler.jsonc, with another output folder of `prepare`. */
export function workerConfig(generated: string): Omit<Unstable_RawConfig, 'env'> {
  const { name, main, compatibility_date, rules, assets, ratelimits } = unstable_readConfig({
    config: join(PACKAGE, 'wrangler.jsonc'),
  });
  return {
    name: name!,
    main: main!,
    compatibility_date: compatibility_date!,
    rules,
    ratelimits,
    alias: { 'served-model': join(generated, 'served-model.js') },
    assets: { ...assets, directory: join(generated, 'gallery') },
  };
}
