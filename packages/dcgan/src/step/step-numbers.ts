/** @module The numbers that one training step reports. Means, log, guard and curves are derived from this list. */

/**
 * `lossD`, `lossG`: both losses. `dReal`, `dFake`: the mean probability that D gave photos and fakes before the step.
 * `signReal`: r_t of ADA (arXiv:2006.06676), a measure of D's overfitting: the mean sign of D's logits of photos before the step,
 * from -1 to 1. For the relativistic loss, of the difference between a photo's logit and its fake's.
 * `diversity`: standard deviation over the batch of fakes, mean over pixels and channels, in units of [-1, 1].
 */
export const STEP_NUMBERS = ['lossD', 'lossG', 'dReal', 'dFake', 'signReal', 'diversity'] as const;

export type StepNumber = (typeof STEP_NUMBERS)[number];

/** One step's numbers, or their means over several steps. */
export type StepNumbers = Record<StepNumber, number>;

/** An object with `value(name)` for each number of a step. */
export const eachStepNumber = <T>(value: (name: StepNumber) => T): Record<StepNumber, T> =>
  Object.fromEntries(STEP_NUMBERS.map((name) => [name, value(name)])) as Record<StepNumber, T>;

export const allFinite = (numbers: StepNumbers): boolean =>
  STEP_NUMBERS.every((name) => Number.isFinite(numbers[name]));

/** The numbers as JSON can hold them: null instead of NaN and infinities. */
export const finiteOrNull = (numbers: StepNumbers): Record<StepNumber, number | null> =>
  eachStepNumber((name) => (Number.isFinite(numbers[name]) ? numbers[name] : null));
