/** @module Pictures of the first dogs, made by the build, for as long as there is no generator. */
import { computed, signal } from '@preact/signals';
import type { Pixels } from '../engine/dog-maker.ts';
import { model } from '../engine/engine.ts';
import { dials, dogs, modelName, position, truncation, view } from '../state/stage-state.ts';
import { pageOpening } from './opening.ts';

const pictures = signal<ReadonlyMap<string, Pixels>>(new Map());

/** Whether the pictures are those of the model in use, or of the one that probably will be. */
const areValid = computed(() => {
  if (!pageOpening) return false;
  if (model.value) return model.value.sha256 === pageOpening.sha256;
  return modelName.value === null || modelName.value === pageOpening.model;
});

/** The picture of a seed that the build made; undefined if there is none. */
export function previewOf(label: string, psi: number): Pixels | undefined {
  return psi === 1 && areValid.value ? pictures.value.get(label) : undefined;
}

/** What the stage shows before the generator has made its picture. */
export const stagePreview = computed<Pixels | null>(() => {
  const label = dogs.value[position.value];
  const isPlain = view.value === 'walk' && dials.value.every((dial) => dial === 0);
  return (isPlain && label !== undefined && previewOf(label, truncation.value)) || null;
});

/** Fetches the pictures, in one file. Without them the page waits for the generator. */
export async function loadPreviews(): Promise<void> {
  if (!pageOpening) return;
  const { file, columns, side, labels } = pageOpening.sheet;
  const image = new Image();
  image.src = new URL(file, document.baseURI).href;
  try {
    await image.decode();
  } catch {
    return;
  }
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  pictures.value = new Map(
    labels.map((label, i) => {
      const [x, y] = [(i % columns) * side, Math.floor(i / columns) * side];
      return [label, context.getImageData(x, y, side, side).data as Pixels];
    }),
  );
}
