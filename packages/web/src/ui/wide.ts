/** @module Whether the stage has a column of its own, as stage.css lays it out. */
import { signal } from '@preact/signals';

const query = matchMedia('(min-width: 900px)');

export const wide = signal(query.matches);
query.addEventListener('change', ({ matches }) => {
  wide.value = matches;
});
