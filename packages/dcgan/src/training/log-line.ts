/** @module The records that training writes: one log line per tick, and events. */
import type { LearningRates } from '../step/gan.ts';
import type { StepNumber } from '../step/step-numbers.ts';
import type { Overfitting } from './overfitting.ts';

/** A tick: means of the step's numbers (null: not finite) and the learning rates in effect. Runs older than a number lack it. */
export interface LogLine
  extends Partial<Record<StepNumber, number | null>>,
    Partial<LearningRates>,
    /** In ticks that include an evaluation, if photos are held out. */
    Partial<Overfitting> {
  imagesSeen: number;
  step: number;
  epoch: number;
  imagesPerSecond: number;
  /** Seconds of training so far, without pauses between resumes. */
  seconds: number;
  /** With ADA: the probability of each augmentation after the tick. */
  augmentP?: number;
  /** Results of the running evaluation, in ticks that include one. */
  metrics?: Record<string, number>;
}

/** An event, named by a noun and a verb: `run-started`, `photo-skipped`, `checkpoint-damaged`, `guard-rolled-back`. */
export interface RunEvent {
  /** ISO 8601. */
  time: string;
  event: string;
  imagesSeen: number;
  /** One line for the user. */
  message: string;
  [detail: string]: unknown;
}
