/**
 * @module Recognises training that won't recover: values that aren't finite, divergence, collapse, outputs all alike.
 *
 * Healthy GANs are noisy, so except for non-finite values no single tick decides. Each failure has its sign, and a level
 * that counts the steps during which the sign showed; steps without it bring the level down three times as fast. The
 * verdict falls when a level reaches the failure's patience.
 */

import { allFinite, finiteOrNull, type StepNumbers } from '../step/step-numbers.ts';

/** Means over the steps of one tick, which ended at `step`. */
export interface StepStats extends StepNumbers {
  step: number;
}

export type FailureKind = 'non-finite' | 'divergence' | 'collapse' | 'identical-outputs';

export interface Failure {
  kind: FailureKind;
  numbers: Record<string, number | null>;
  /** One line for a person, with the numbers. */
  message: string;
}

/** JSON-safe; part of the checkpoint. */
export interface GuardState {
  /** The step of the last tick. */
  step: number;
  /** Steps during which each sign showed. */
  divergence: number;
  collapse: number;
  identical: number;
  /** G_loss when the sign of collapse began to show. */
  lossGBefore: number;
  /** G_loss now, averaged over some 50 steps. */
  lossGSmooth: number;
  /** Whether any sign showed at the last tick, in the warm-up too. */
  showing: boolean;
  /** Whether the outputs have ever been diverse. */
  wasDiverse: boolean;
}

/** D_loss of a D that tells nothing apart is 2 ln 2 = 1.39; ten times that only when D is sure, and wrong. */
export const divergedLossD = 10;
/** D_loss of a D that is right about every image. */
export const collapsedLossD = 1e-3;
const collapsedLossG = 12;
/** The clamped cross-entropy ends at 100, and begins below this. */
const ceiling = 99;
const nothing = 1e-6;
/** Outputs this much less diverse than photos are alike. */
export const alike = 0.1;

/** Steps for which a sign has to show; the first `warmUp` steps, in which G and D find their feet, don't count. */
const patience = { divergence: 100, collapse: 300, identical: 300 };
const warmUp = { divergence: 100, collapse: 300, identical: 200 };
/** An untrained G paints one grey. Outputs that have never been diverse only count as alike after this many steps. */
const slowestStart = 2_000;

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

  /** No sign of any failure: a checkpoint written now is one to roll back to. */
  get calm(): boolean {
    const { divergence, collapse, identical, showing } = this.#state;
    return divergence === 0 && collapse === 0 && identical === 0 && !showing;
  }

  /** Forgets all signs: after a roll-back to the checkpoint of `step`. */
  reset(step: number): void {
    this.#state = { ...freshState(step), wasDiverse: this.#state.wasDiverse };
  }

  /** Takes the next tick. After a failure the guard is to be reset. */
  observe(stats: StepStats): 'ok' | Failure {
    const { lossD, lossG } = stats;
    if (!allFinite(stats)) return nonFinite(stats);
    const state = this.#state;
    const steps = Math.max(1, stats.step - state.step);
    state.step = stats.step;
    this.#smoothLossG(lossG, steps);
    const wrong = lossD > divergedLossD;
    const right = lossD < collapsedLossD;
    // One loss at its ceiling and the other at zero: no wild start, but a sigmoid that has rounded, and passes no gradient.
    const deadD = lossD > ceiling && Math.abs(lossG) < nothing;
    const deadG = lossG > ceiling && right;
    const looksAlike = this.#looksAlike(stats);
    state.showing = wrong || right || looksAlike;
    state.divergence = level('divergence', state.divergence, wrong, deadD ? Infinity : stats.step, steps);
    // Collapse takes patience because D may let G come back; a dead G cannot.
    state.collapse = deadG
      ? level('collapse', state.collapse, right, Infinity, 3 * steps)
      : level('collapse', state.collapse, right, stats.step, steps);
    state.identical = level('identical', state.identical, looksAlike, stats.step, steps);
    if (state.divergence >= patience.divergence) return divergence(stats);
    if (state.collapse >= patience.collapse && this.#lossGTells(lossD)) return collapse(stats, state.lossGBefore);
    if (state.identical >= patience.identical) return identical(stats, this.#realDiversity);
    return 'ok';
  }

  #smoothLossG(lossG: number, steps: number): void {
    const state = this.#state;
    if (state.collapse === 0) state.lossGBefore = lossG;
    const weight = state.collapse === 0 ? 1 : 1 - Math.exp(-steps / 50);
    state.lossGSmooth += weight * (lossG - state.lossGSmooth);
  }

  /** D being right about everything is collapse where G is losing, or where nothing is left of D_loss to learn from. */
  #lossGTells(lossD: number): boolean {
    const { lossGBefore, lossGSmooth } = this.#state;
    return lossGSmooth > collapsedLossG || lossGSmooth > lossGBefore + 0.5 || lossD < collapsedLossD / 10;
  }

  #looksAlike({ step, diversity }: StepStats): boolean {
    const real = this.#realDiversity;
    const state = this.#state;
    // Half-way to real photos' diversity is more than any untrained G shows.
    state.wasDiverse ||= diversity > real / 2;
    return diversity < alike * real && (state.wasDiverse || step > slowestStart);
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
  const who = lossG < 1 ? 'D takes every fake for real' : 'D takes real for fake and fake for real';
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
      `G_loss ${short(lossG)}, from ${short(lossGBefore)} (D is right about everything, G learns nothing)`,
  };
}

function identical({ step, diversity }: StepStats, realDiversity: number): Failure {
  return {
    kind: 'identical-outputs',
    numbers: { step, diversity, realDiversity },
    message:
      `G makes the same picture from every z at step ${step}: diversity ${short(diversity)} ` +
      `where photos have ${short(realDiversity)}, for ${patience.identical} steps`,
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
