/**
 * @module Detects training that won't recover: non-finite values, divergence, collapse, identical outputs.
 *
 * Healthy GANs are noisy, so except for non-finite values no single tick decides. Each failure has a symptom and a level. The
 * level rises by one per step with the symptom and falls by three per step without it. The failure is reported when its level
 * reaches its patience.
 */

import { allFinite, finiteOrNull, type StepNumbers } from '../step/step-numbers.ts';

/** Means over the steps of one tick that ended at `step`. */
export interface StepStats extends StepNumbers {
  step: number;
}

type FailureKind = 'non-finite' | 'divergence' | 'collapse' | 'identical-outputs';

export interface Failure {
  kind: FailureKind;
  numbers: Record<string, number | null>;
  /** One line for the user, with the numbers. */
  message: string;
}

/** JSON-safe; stored in checkpoints. */
export interface GuardState {
  /** The step of the last tick. */
  step: number;
  /** Levels, in steps. */
  divergence: number;
  collapse: number;
  identical: number;
  /** G_loss when the symptom of collapse appeared. */
  lossGBefore: number;
  /** G_loss, averaged over about 50 steps. */
  lossGSmooth: number;
  /** Whether the last tick had any symptom, also during warm-up. */
  showing: boolean;
  /** Whether the outputs have ever been diverse. */
  wasDiverse: boolean;
}

/** D_loss above which D is certain and wrong. A D that can't tell photos from fakes has 2 ln 2 = 1.39. */
export const divergedLossD = 10;
/** D_loss below which D is right about every image. */
export const collapsedLossD = 1e-3;
const collapsedLossG = 12;
/** Threshold for the maximum of the clamped cross-entropy, 100; an untrained network is below. */
const ceiling = 99;
const nearZero = 1e-6;
/** Outputs with less than this share of the photos' diversity count as identical. */
export const identicalDiversity = 0.1;

/** Steps that a symptom must last. The first `warmUp` steps don't count: both losses still vary widely. */
const patience = { divergence: 100, collapse: 300, identical: 300 };
const warmUp = { divergence: 100, collapse: 300, identical: 200 };
/** An untrained G makes uniform grey. Outputs that have never been diverse count as identical only after this many steps. */
const slowestStart = 2_000;

/** Observes ticks and reports failures. Its state is part of a checkpoint, so that a resumed run decides the same. */
export class Guard {
  readonly #realDiversity: number;
  #state: GuardState;

  /** `realDiversity`: the diversity of photos, in the units of `StepNumbers`. */
  constructor(options: { realDiversity: number; state?: GuardState }) {
    this.#realDiversity = options.realDiversity;
    this.#state = { ...(options.state ?? freshState(0)) };
  }

  get state(): GuardState {
    return { ...this.#state };
  }

  /** True without any symptom: a checkpoint written now is healthy, and can be rolled back to. */
  get calm(): boolean {
    const { divergence, collapse, identical, showing } = this.#state;
    return divergence === 0 && collapse === 0 && identical === 0 && !showing;
  }

  /** Clears all levels, after a roll-back to the checkpoint at `step`. */
  reset(step: number): void {
    this.#state = { ...freshState(step), wasDiverse: this.#state.wasDiverse };
  }

  /** Observes the next tick. After a failure, call `reset`. */
  observe(stats: StepStats): 'ok' | Failure {
    const { lossD, lossG } = stats;
    if (!allFinite(stats)) return nonFinite(stats);
    const state = this.#state;
    const steps = Math.max(1, stats.step - state.step);
    state.step = stats.step;
    this.#smoothLossG(lossG, steps);
    const wrong = lossD > divergedLossD;
    const right = lossD < collapsedLossD;
    // One loss at its maximum and the other at zero: a sigmoid has rounded and passes no gradient. No warm-up excuses that.
    const deadD = lossD > ceiling && Math.abs(lossG) < nearZero;
    const deadG = lossG > ceiling && right;
    const looksAlike = this.#looksAlike(stats);
    state.showing = wrong || right || looksAlike;
    state.divergence = level('divergence', state.divergence, wrong, deadD ? Infinity : stats.step, steps);
    // Collapse needs patience because G may recover; a G without gradient cannot, so its level rises three times as fast.
    state.collapse = deadG
      ? level('collapse', state.collapse, right, Infinity, 3 * steps)
      : level('collapse', state.collapse, right, stats.step, steps);
    state.identical = level('identical', state.identical, looksAlike, stats.step, steps);
    if (state.divergence >= patience.divergence) return divergence(stats);
    if (state.collapse >= patience.collapse && this.#confirmsCollapse(lossD)) return collapse(stats, state.lossGBefore);
    if (state.identical >= patience.identical) return identical(stats, this.#realDiversity);
    return 'ok';
  }

  #smoothLossG(lossG: number, steps: number): void {
    const state = this.#state;
    if (state.collapse === 0) state.lossGBefore = lossG;
    const weight = state.collapse === 0 ? 1 : 1 - Math.exp(-steps / 50);
    state.lossGSmooth += weight * (lossG - state.lossGSmooth);
  }

  /** A D that is right about everything is a collapse if G_loss rises, or if D_loss is too small to learn from. */
  #confirmsCollapse(lossD: number): boolean {
    const { lossGBefore, lossGSmooth } = this.#state;
    return lossGSmooth > collapsedLossG || lossGSmooth > lossGBefore + 0.5 || lossD < collapsedLossD / 10;
  }

  #looksAlike({ step, diversity }: StepStats): boolean {
    const real = this.#realDiversity;
    const state = this.#state;
    // No untrained G reaches half the photos' diversity.
    state.wasDiverse ||= diversity > real / 2;
    return diversity < identicalDiversity * real && (state.wasDiverse || step > slowestStart);
  }
}

function freshState(step: number): GuardState {
  const levels = { divergence: 0, collapse: 0, identical: 0 };
  return { step, ...levels, lossGBefore: 0, lossGSmooth: 0, showing: false, wasDiverse: false };
}

function level(kind: keyof typeof patience, before: number, shows: boolean, step: number, steps: number): number {
  if (step <= warmUp[kind]) return 0;
  return shows ? Math.min(patience[kind], before + steps) : Math.max(0, before - 3 * steps);
}

function nonFinite(stats: StepStats): Failure {
  const { step, lossD, lossG } = stats;
  const numbers = { step, ...finiteOrNull(stats) };
  const where = Number.isFinite(lossD) && Number.isFinite(lossG) ? 'the pictures' : 'the losses';
  return {
    kind: 'non-finite',
    numbers,
    message: `${where} are no longer finite at step ${step}: D_loss ${lossD}, G_loss ${lossG}`,
  };
}

function divergence({ step, lossD, lossG }: StepStats): Failure {
  const who = lossG < 1 ? 'D takes every fake for real' : 'D takes photos for fakes and fakes for photos';
  return {
    kind: 'divergence',
    numbers: { step, lossD, lossG },
    message:
      `training diverged at step ${step}: D_loss ${short(lossD)}, G_loss ${short(lossG)} ` +
      `for ${patience.divergence} steps (${who})`,
  };
}

function collapse({ step, lossD, lossG }: StepStats, lossGBefore: number): Failure {
  return {
    kind: 'collapse',
    numbers: { step, lossD, lossG, lossGBefore },
    message:
      `training collapsed at step ${step}: D_loss ${short(lossD)} for ${lossG > ceiling ? patience.collapse / 3 : patience.collapse} steps, ` +
      `G_loss ${short(lossG)}, from ${short(lossGBefore)} (D is right about every image; G learns nothing)`,
  };
}

function identical({ step, diversity }: StepStats, realDiversity: number): Failure {
  return {
    kind: 'identical-outputs',
    numbers: { step, diversity, realDiversity },
    message:
      `G makes the same picture from every z at step ${step}: diversity ${short(diversity)} ` +
      `(photos: ${short(realDiversity)}) for ${patience.identical} steps`,
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
