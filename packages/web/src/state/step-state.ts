/** @module The next step that is open: what can be done with the dogs on the stage. */
import { effect, signal } from '@preact/signals';
import { attract, chooseView, dials, truncation, view } from './stage-state.ts';

export const STEPS = ['puppies', 'more', 'mix', 'dials'] as const;
export type Step = (typeof STEPS)[number];

export const step = signal<Step | null>(null);

/** Opens a step, or closes it. The pad is open for as long as its dogs are mixed. */
export function toggleStep(next: Step): void {
  const closes = step.peek() === next;
  if (next === 'mix') chooseView(closes ? 'walk' : 'mix');
  else if (next !== 'dials' && !closes) chooseView('walk');
  step.value = closes ? null : next;
}

/** Opens what a link needs: the pad of a mixture, or the dials that it turned. */
export function startSteps(): void {
  if (!attract.peek() && (dials.peek().length > 0 || truncation.peek() !== 1)) step.value = 'dials';
  effect(() => {
    const mixes = view.value === 'mix';
    if (mixes) step.value = 'mix';
    else if (step.peek() === 'mix') step.value = null;
  });
}
