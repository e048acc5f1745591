/** @module Means over the steps of one tick; resumable in the middle of a tick. */
import { eachStepNumber, STEP_NUMBERS, type StepNumbers } from '../step/step-numbers.ts';

/** JSON-safe except for non-finite sums, after which training does not continue. */
export interface TickSums extends StepNumbers {
  steps: number;
  seconds: number;
}

const fresh = (): TickSums => ({ steps: 0, seconds: 0, ...eachStepNumber(() => 0) });

export class TickMeans {
  #sums: TickSums;

  constructor(state?: TickSums) {
    this.#sums = { ...fresh(), ...state };
  }

  get state(): TickSums {
    return { ...this.#sums };
  }

  add(numbers: StepNumbers, seconds: number): void {
    for (const name of STEP_NUMBERS) this.#sums[name] += numbers[name];
    this.#sums.steps++;
    this.#sums.seconds += seconds;
  }

  /** Means since the last call, with the number of steps and their seconds. Resets the sums. */
  take(): TickSums {
    const { steps, seconds, ...sums } = this.#sums;
    this.#sums = fresh();
    return { ...eachStepNumber((name) => sums[name] / steps), steps, seconds };
  }
}
