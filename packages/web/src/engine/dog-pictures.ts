/** @module Pictures of dogs by seed, made once and cached. */
import { effect } from '@preact/signals';
import { dogLatent } from '../state/picture-latent.ts';
import type { Pixels } from './dog-maker.ts';
import { maker, model } from './engine.ts';
import { RecentPictures } from './recent-pictures.ts';
import type { Lane } from './work-queue.ts';

/** 16 KiB each at 64x64 pixels. */
const KEPT = 600;
const recent = new RecentPictures(KEPT);

effect(() => {
  if (model.value) recent.clear();
});

const keyOf = (label: string, truncation: number) => `${truncation}/${label}`;

export function recentDog(label: string, truncation: number): Pixels | undefined {
  return recent.get(keyOf(label, truncation));
}

/** The dog of a seed, as soon as there is a generator. After `abandoned` is aborted, the promise never settles. */
export async function dogPicture(
  label: string,
  truncation: number,
  lane: Lane,
  abandoned: AbortSignal,
): Promise<Pixels> {
  const current = model.value!;
  const pixels = await maker.make(dogLatent(label, current.latentSize, truncation), lane, abandoned);
  if (current === model.value) recent.set(keyOf(label, truncation), pixels);
  return pixels;
}
