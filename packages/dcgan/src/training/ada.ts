/**
 * @module Adaptive discriminator augmentation (Karras et al. 2020, arXiv:2006.06676, section 3): the probability p of each
 * augmentation follows D's overfitting.
 */
import type { Config } from '../settings/settings.ts';

/** JSON-safe; stored in checkpoints. */
export interface AdaState {
  p: number;
  /** Steps since the last change of p, and the sum of their r_t. */
  steps: number;
  sum: number;
}

/** Steps between changes of p, as in the paper. */
const INTERVAL = 4;

/**
 * Every four steps, raises p if D overfits more than the target `ada` (r_t, the mean sign of its logits of photos, is larger),
 * lowers it if less. p starts at 0, stays in [0, 1], and can cross that range in `adaImages` images. Off if `ada` is 0.
 */
export class Ada {
  readonly #target: number;
  /** Change of p per interval. */
  readonly #change: number;
  #state: AdaState;

  constructor({ ada, adaImages, batch }: Pick<Config, 'ada' | 'adaImages' | 'batch'>, state?: AdaState) {
    this.#target = ada;
    this.#change = (INTERVAL * batch) / adaImages;
    this.#state = { ...(state ?? { p: 0, steps: 0, sum: 0 }) };
  }

  get state(): AdaState {
    return { ...this.#state };
  }

  /** Probability of each augmentation in the next step; null: ADA is off. */
  get p(): number | null {
    return this.#target === 0 ? null : this.#state.p;
  }

  /** Observes r_t of a step. */
  observe(signReal: number): void {
    if (this.#target === 0) return;
    const state = this.#state;
    state.steps++;
    state.sum += signReal;
    if (state.steps < INTERVAL) return;
    const direction = Math.sign(state.sum / INTERVAL - this.#target);
    this.#state = { p: Math.min(1, Math.max(0, state.p + direction * this.#change)), steps: 0, sum: 0 };
  }
}
