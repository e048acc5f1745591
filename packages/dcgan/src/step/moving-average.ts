import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../networks/network.ts';
import { averagedGenerator, type StateConfig } from './state.ts';

/** The moving average starts short, so that early sheets don't show the untrained G (StyleGAN2's ramp-up). */
const RAMP_UP = 0.05;

/**
 * Share of the old average that is left after step 1, 2, …: half of it after `emaImages` images, or after a twentieth of
 * the images seen so far while that is less.
 */
export function emaDecay({ batch, emaImages }: { batch: number; emaImages: number }, step: number): number {
  const halfLife = Math.min(emaImages, step * batch * RAMP_UP);
  return 0.5 ** (batch / Math.max(halfLife, 1e-8));
}

/**
 * Exponential moving average of G's parameters and statistics (Yazici et al. 2018, arXiv:1806.04498).
 * @param state holds the average so far under `ema/…`; without it (`emaImages` 0) the result is empty.
 * @param decay scalar tensor, see emaDecay.
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
