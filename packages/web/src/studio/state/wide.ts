/** @module Whether the window is wider than a phone. */
import { computed, signal } from '@preact/signals';

const query = matchMedia('(min-width: 600px)');

export const wide = signal(query.matches);
query.addEventListener('change', () => {
  wide.value = query.matches;
});

/** Faces along a side of the sheet that grows while training. */
export const facesAlong = computed(() => (wide.value ? 8 : 4));
