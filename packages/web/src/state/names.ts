/** @module The names of dogs as the page shows them. */

import { parseChild } from './child.ts';
import type { View } from './picture-state.ts';

/** A puppy is named after its parents. */
export function nameOf(label: string): string {
  const child = parseChild(label);
  if (!child) return label;
  const [first, second] = child.parents.map((parent) => (parseChild(parent) ? `(${nameOf(parent)})` : parent));
  return `${first} × ${second} ${child.number}`;
}

/** "Anna → Ben" for a walk, "Anna · Ben · Max" for a mixture. */
export const namesOf = (dogs: readonly string[], view: View) => dogs.map(nameOf).join(view === 'walk' ? ' → ' : ' · ');
