/** @module The first dogs of the page: those of the walk that plays by itself, and the first rows of the grid. */
import { computed, signal } from '@preact/signals';
import type { CatalogueEntry } from '../engine/catalogue.ts';
import { OPENING_META, type PageOpening, walkOf } from './page-opening.ts';

/** Null in development, and on a site without models. */
export const pageOpening: PageOpening | null = JSON.parse(
  document.querySelector<HTMLMetaElement>(`meta[name=${OPENING_META}]`)?.content ?? 'null',
);

/** Seeds that a person chose for the model in use; before that is known, for the newest one. */
export const openingSeeds = signal<readonly number[]>(pageOpening?.seeds ?? []);

/** The dogs of the walk, as text, so that equal ones are no change. */
const walk = computed(() => JSON.stringify(walkOf(openingSeeds.value)));
export const walkDogs = computed<readonly string[]>(() => JSON.parse(walk.value));

/** Changes to the first dogs of a model. */
export function openWith({ opening = [] }: Pick<CatalogueEntry, 'opening'>): void {
  if (String(opening) !== String(openingSeeds.peek())) openingSeeds.value = opening;
}
