/** @module The names of dogs as the page shows them. */

import { labelName } from '@latent-dogs/latent';
import type { View } from './picture-state.ts';

/** "Anna → Ben" for a walk, "Anna · Ben · Max" for a mixture. */
export const namesOf = (dogs: readonly string[], view: View) =>
  dogs.map(labelName).join(view === 'walk' ? ' → ' : ' · ');
