/** @module The panels of the next steps. */
import type { ComponentType } from 'preact';
import type { Step } from '../state/step-state.ts';
import { Dials } from './dials.tsx';
import { MixPad } from './mix-pad.tsx';
import { MoreDogs } from './more-dogs.tsx';
import { Puppies } from './puppies.tsx';

export const PANELS: Readonly<Record<Step, ComponentType>> = {
  puppies: Puppies,
  more: MoreDogs,
  mix: MixPad,
  dials: Dials,
};
