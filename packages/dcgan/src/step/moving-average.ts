import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../networks/network.ts';
import type { Config } from '../settings/settings.ts';
import { averagedGenerator, type StateConfig } from './state.ts';

/** Cap on the half-life, as a share of the images seen, so that early sheets don't show the untrained G (StyleGAN2's ramp-up). */
const RAMP_UP = 0.05;

/**
 * Decay of the moving average at step 1, 2, …: the weight of the old average. Its half-life is `emaImages` images, but at
 * most a twentieth of the images seen so far. A training that starts from trained weights (`from`) has no such ramp-up, because
 * its average starts as that of a trained G.
 */
export function emaDecay(
  { batch, emaImages, from }: Pick<Config, 'batch' | 'emaImages' | 'from'>,
  step: number,
): number {
  const halfLife = from === null ? Math.min(emaImages, step * batch * RAMP_UP) : emaImages;
  return 0.5 ** (batch / Math.max(halfLife, 1e-8));
}

/**
 * Exponential moving average of G's parameters and statistics (Yazici et al. 2018, arXiv:1806.04498).
 * @param state holds the average so far under `ema/…`.
 * @param next parameters and statistics of G after the step.
 * @param decay scalar tensor, see emaDecay.
 * @returns the new average under `ema/…`; empty if `emaImages` is 0.
 */
export function movingAverage(config: StateConfig, state: Tensors, next: Tensors, decay: tf.Tensor): Tensors {
  if (config.emaImages === 0) return {};
  return Object.fromEntries(
    Object.entries(averagedGenerator(config, state)).map(([name, average]) => [
      `ema/${name}`,
      tf.add(average, tf.mul(tf.sub(next[name]!, average), tf.sub(1, decay))),
    ]),
  );
}
