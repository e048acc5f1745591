/** @module Keeps the stage's picture in step with its state: on demand while it rests, ahead of time while it plays. */
import { computed, effect, signal } from '@preact/signals';
import type { Pixels } from '../engine/dog-maker.ts';
import { maker, manifest, model } from '../engine/engine.ts';
import { pictureLatent } from '../state/picture-latent.ts';
import { legsOf } from '../state/picture-state.ts';
import { dials, dogs, picture, playing, position, speed, truncation, view } from '../state/stage-state.ts';
import { WalkFrames } from './walk-frames.ts';
import { advance, type Walk } from './walker.ts';

/** What the stage shows: RGBA, or null before the first dog. */
export const stagePixels = signal<Pixels | null>(null);
/** Whether it is the picture of the state as it stands, and not one on the way to it. */
export const stageSettled = signal(false);

/** Longer gaps are a page in the background, not time to make up for. */
const LONGEST_GAP_SECONDS = 0.1;

/** What a model needs to have for z; dials wait for model.json. */
const directions = computed(() => {
  const entry = model.value;
  return entry && { latentSize: entry.latentSize, directions: manifest.value?.directions ?? [] };
});

const walk = computed(() => {
  const known = directions.value;
  const count = dogs.value.length;
  if (!known || count < 2 || view.value === 'mix') return null;
  const rest = { model: null, view: 'walk' as const, pad: { x: 0, y: 0 } };
  const still = { ...rest, dogs: dogs.value, dials: dials.value, truncation: truncation.value };
  return new WalkFrames(count, (at, lane, abandoned) =>
    maker.make(pictureLatent({ ...still, position: at }, known)!, lane, abandoned),
  );
});

function followRest(): void {
  let giveUp = new AbortController();
  let shown = 0;
  let asked = 0;
  effect(() => {
    const known = directions.value;
    if (playing.value || !known) return;
    const z = pictureLatent(picture.value, known);
    // A request that waits is replaced; one that is being made is shown, so that a drag is seen moving.
    giveUp.abort();
    giveUp = new AbortController();
    stageSettled.value = false;
    if (z === null) {
      stagePixels.value = null;
      return;
    }
    const turn = ++asked;
    void maker.make(z, 'live', giveUp.signal).then((pixels) => {
      if (turn < shown || playing.peek() || dogs.peek().length === 0) return;
      shown = turn;
      stagePixels.value = pixels;
      stageSettled.value = turn === asked;
    });
  });
}

function followPlay(): void {
  let last = 0;
  let direction: Walk['direction'] = 1;
  let frame = 0;
  const step = (now: number) => {
    const frames = walk.peek();
    const elapsed = Math.min(LONGEST_GAP_SECONDS, (now - last) / 1000) * speed.peek();
    last = now;
    frame = requestAnimationFrame(step);
    if (!frames) return;
    const count = dogs.peek().length;
    const next = advance({ position: position.peek(), direction }, elapsed, legsOf(count), count > 2);
    frames.prepare(next.position, next.direction);
    const pixels = frames.at(next.position);
    // Where the generator is behind, the walker waits for it.
    if (!pixels) return;
    direction = next.direction;
    position.value = next.position;
    stagePixels.value = pixels;
  };
  effect(() => {
    if (!playing.value) return;
    stageSettled.value = false;
    last = performance.now();
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  });
  effect(() => {
    const frames = walk.value;
    return () => frames?.abandon();
  });
}

export function startStagePlayer(): void {
  followRest();
  followPlay();
}
