/** @module Means over the steps of one tick; resumable in the middle of it. */
import type { StepOutputs } from '../step/networks.ts';

/** JSON-safe, except that a sum which is not finite becomes null: training is over then. */
export interface TickSums extends StepOutputs {
  steps: number;
  seconds: number;
}

const FRESH: TickSums = { steps: 0, seconds: 0, lossD: 0, lossG: 0, dReal: 0, dFake: 0, diversity: 0 };
const NAMES = ['lossD', 'lossG', 'dReal', 'dFake', 'diversity'] as const;

export class TickMeans {
  #sums: TickSums;

  constructor(state: TickSums = FRESH) {
    this.#sums = { ...state };
  }

  get state(): TickSums {
    return { ...this.#sums };
  }

  add(result: StepOutputs, seconds: number): void {
    for (const name of NAMES) this.#sums[name] += result[name];
    this.#sums.steps++;
    this.#sums.seconds += seconds;
  }

  /** Means since the last call, and begins anew. */
  take(): TickSums {
    const { steps, seconds, ...sums } = this.#sums;
    this.#sums = { ...FRESH };
    const means = Object.fromEntries(NAMES.map((name) => [name, sums[name] / steps])) as unknown as StepOutputs;
    return { ...means, steps, seconds };
  }
}
