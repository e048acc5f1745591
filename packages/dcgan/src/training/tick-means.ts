/** @module Means over the steps of one tick; resumable in the middle of a tick. */
import { eachStepNumber, STEP_NUMBERS, type StepNumbers } from '../step/step-numbers.ts';

/** JSON-safe except for non-finite sums, after which training does not continue. */
export interface TickSums extends StepNumbers {
  steps: number;
  seconds: number;
}

/** As read from a checkpoint. Sums of earlier versions lack numbers that steps did not report yet. */
type StoredSums = Pick<TickSums, 'steps' | 'seconds'> & Partial<TickSums>;

const fresh = (): TickSums => ({ steps: 0, seconds: 0, ...eachStepNumber(() => 0) });

export class TickMeans {
  #sums: TickSums;
  /** Steps of the tick that did not report the number. */
  #lacking: StepNumbers;

  constructor(state?: StoredSums) {
    this.#sums = { ...fresh(), ...state };
    this.#lacking = eachStepNumber((name) => (state && !(name in state) ? state.steps : 0));
  }

  get state(): TickSums {
    return { ...this.#sums };
  }

  add(numbers: StepNumbers, seconds: number): void {
    for (const name of STEP_NUMBERS) this.#sums[name] += numbers[name];
    this.#sums.steps++;
    this.#sums.seconds += seconds;
  }

  /** Means since the last call over the steps that reported a number, with all steps and their seconds. Resets the sums. */
  take(): TickSums {
    const { steps, seconds, ...sums } = this.#sums;
    const lacking = this.#lacking;
    this.#sums = fresh();
    this.#lacking = eachStepNumber(() => 0);
    return { ...eachStepNumber((name) => sums[name] / (steps - lacking[name])), steps, seconds };
  }
}
