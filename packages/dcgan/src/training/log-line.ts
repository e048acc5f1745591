/** @module What training writes about itself: a line a tick, and events. */
import type { LearningRates } from '../step/gan.ts';
import type { StepNumber } from '../step/step-numbers.ts';

/**
 * A tick: means of the step's numbers (null: not finite) and the rates in effect. Runs older than a number lack it.
 */
export interface LogLine extends Partial<Record<StepNumber, number | null>>, Partial<LearningRates> {
  imagesSeen: number;
  step: number;
  epoch: number;
  imagesPerSecond: number;
  /** Seconds of training so far, without the time between sittings. */
  seconds: number;
  /** The running evaluation, at ticks that have one. */
  metrics?: Record<string, number>;
}

/** What happened, as a noun and a verb: `run-started`, `photo-skipped`, `checkpoint-damaged`, `guard-rolled-back`. */
export interface RunEvent {
  /** ISO 8601. */
  time: string;
  event: string;
  imagesSeen: number;
  /** One line for a person. */
  message: string;
  [detail: string]: unknown;
}
