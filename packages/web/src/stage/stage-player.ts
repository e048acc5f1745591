/** @module Makes the stage's picture follow its state: on request while it rests, in advance while it plays. */
import { computed, effect, signal } from '@preact/signals';
import type { Pixels } from '../engine/dog-maker.ts';
import { maker, manifest, model } from '../engine/engine.ts';
import { page } from '../state/page-state.ts';
import { pictureLatent } from '../state/picture-latent.ts';
import { legsOf } from '../state/picture-state.ts';
import {
  attract,
  dials,
  dogs,
  hold,
  pad,
  picture,
  playing,
  position,
  speed,
  truncation,
  view,
} from '../state/stage-state.ts';
import { advanceOrbit } from './orbit.ts';
import { WalkFrames } from './walk-frames.ts';
import { advance, LEG_SECONDS, type Walk } from './walker.ts';

/** What the stage shows: RGBA, or null before the first dog. */
export const stagePixels = signal<Pixels | null>(null);
/** Whether that is the picture of the current state, and not an earlier one. */
export const stageSettled = signal(false);

/** Longer gaps mean that the page was in the background; the walk does not catch up. */
const LONGEST_GAP_SECONDS = 0.1;
/** After so many rounds, a page that nobody touches rests. */
const ATTRACT_ROUNDS = 3;

/** What is needed of a model to compute z. The dials have no effect before model.json has arrived. */
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
    // A request that still waits is replaced; one already being made is shown, so that a drag shows movement.
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
  let played = 0;
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
    // If the generator is behind, the walk waits for it.
    if (!pixels) return;
    direction = next.direction;
    position.value = next.position;
    stagePixels.value = pixels;
    played += elapsed;
    if (attract.peek() && played > ATTRACT_ROUNDS * legsOf(count) * LEG_SECONDS) hold();
  };
  effect(() => {
    if (!playing.value || view.value === 'mix' || page.value !== 'gallery') return;
    stageSettled.value = false;
    played = 0;
    last = performance.now();
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  });
  effect(() => {
    const frames = walk.value;
    return () => frames?.abandon();
  });
}

/** Moves the handle of the pad along its orbit, as fast as there are pictures. */
function followOrbit(): void {
  effect(() => {
    const known = directions.value;
    if (!playing.value || view.value !== 'mix' || page.value !== 'gallery' || !known) return;
    const stopped = new AbortController();
    stageSettled.value = false;
    const go = async () => {
      let last = performance.now();
      while (!stopped.signal.aborted) {
        const now = await new Promise(requestAnimationFrame);
        const point = advanceOrbit(pad.peek(), Math.min(LONGEST_GAP_SECONDS, (now - last) / 1000) * speed.peek());
        last = now;
        const z = pictureLatent({ ...picture.peek(), pad: point }, known);
        if (!z) return;
        const pixels = await maker.make(z, 'live', stopped.signal);
        if (stopped.signal.aborted) return;
        pad.value = point;
        stagePixels.value = pixels;
      }
    };
    void go();
    return () => stopped.abort();
  });
}

export function startStagePlayer(): void {
  followRest();
  followPlay();
  followOrbit();
}
