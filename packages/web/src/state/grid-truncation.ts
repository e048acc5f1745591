/** @module The psi of the dogs in the grid: it follows the dial when that comes to rest, since every dog is made anew. */
import { effect, signal } from '@preact/signals';
import { truncation } from './stage-state.ts';

const MILLISECONDS_AT_REST = 250;

export const gridTruncation = signal(truncation.peek());

export function startGridTruncation(): void {
  gridTruncation.value = truncation.peek();
  effect(() => {
    const psi = truncation.value;
    const timer = setTimeout(() => {
      gridTruncation.value = psi;
    }, MILLISECONDS_AT_REST);
    return () => clearTimeout(timer);
  });
}
