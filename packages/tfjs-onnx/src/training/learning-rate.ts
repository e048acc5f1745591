/** @module The learning rate of an optimiser as an input of its training step, so that it may change from step to step. */
import type * as tf from '@tensorflow/tfjs-core';
import { TraceError, tracingBackend } from '../tracing-backend.ts';

/** What TF.js's optimisers have, in part without declaring it. */
type Optimizer = tf.Optimizer & { learningRate: number; setLearningRate?(rate: number): void };

/** A number that nothing else in a step is likely to be, exact in float32. */
const MARK = 12077 / 16384;

/** Optimisers that pass their learning rate, or its negative, to TF.js as a number of its own. */
const PASS_IT_ON = new Set(['SGD', 'Momentum', 'Adagrad', 'Adadelta', 'RMSProp', 'Adam', 'Adamax']);

function setRate(optimizer: Optimizer, rate: number): void {
  if (optimizer.setLearningRate) optimizer.setLearningRate(rate);
  else optimizer.learningRate = rate;
}

/** The learning rate of a step, which follows the optimiser's. */
export class LearningRate {
  readonly #optimizer: Optimizer;
  readonly #follows: boolean;
  /** The rate that the graph holds as a constant. */
  readonly #first: number;

  constructor(optimizer: tf.Optimizer) {
    this.#optimizer = optimizer as Optimizer;
    this.#follows = PASS_IT_ON.has(optimizer.getClassName());
    this.#first = this.#optimizer.learningRate;
  }

  /** Does `work`, which starts a trace at once, while the optimiser has the mark for its learning rate. */
  marked<T>(work: () => T): T {
    if (!this.#follows) return work();
    const rate = this.#optimizer.learningRate;
    setRate(this.#optimizer, MARK);
    try {
      return work();
    } finally {
      setRate(this.#optimizer, rate);
    }
  }

  /** In the trace: this tensor is what the optimiser multiplies by. */
  standFor(tensor: tf.Tensor): void {
    if (this.#follows) tracingBackend.standFor(MARK, tensor);
  }

  /** The rate of the next step. @throws TraceError if it has changed, and the optimiser is none of TF.js's own. */
  get current(): number {
    const { learningRate } = this.#optimizer;
    if (!this.#follows && learningRate !== this.#first)
      throw new TraceError(
        `the learning rate of optimizer '${this.#optimizer.getClassName()}' has changed, which only those of tf.train can; make a new trainStep`,
      );
    return learningRate;
  }
}
