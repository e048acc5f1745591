/** @module The state of the stage as signals, and the visitor's actions on it. */
import { batch, computed, effect, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { walkDogs } from '../opening/opening.ts';
import { notify } from './notice.ts';
import { encodePicture } from './picture-link.ts';
import { EMPTY_PICTURE, legsOf, MOST_DOGS, type PictureState, roundThousandth, type View } from './picture-state.ts';

/** The model that the page should use; null until one is known. */
export const modelName = signal<string | null>(null);
/** SHA-256 of the model in use, and the first digits of that of the link that was opened; null if not known. */
export const modelDigest = signal<string | null>(null);
export const wantedDigest = signal<string | null>(null);
export const dogs = signal<readonly string[]>([]);
export const view = signal<View>('walk');
export const position = signal(0);
export const pad = signal(EMPTY_PICTURE.pad);
export const dials = signal<readonly number[]>([]);
export const truncation = signal(1);

export const playing = signal(false);
/** At speed 1 a leg takes LEG_SECONDS. */
export const speed = signal(1);
/** True until the visitor picks a dog: the stage plays a walk between three dogs. */
export const attract = signal(false);

const MIX_DOGS = 4;

export const picture = computed<PictureState>(() => ({
  model: modelName.value,
  dogs: dogs.value,
  view: view.value,
  position: position.value,
  pad: pad.value,
  dials: dials.value,
  truncation: truncation.value,
}));

/** The link to the picture; empty before the visitor has picked a dog. */
export const link = computed(() => (attract.value ? '' : encodePicture(picture.value, modelDigest.value ?? undefined)));

export const likesMotion = () => !matchMedia('(prefers-reduced-motion: reduce)').matches;

export function showPicture(state: PictureState): void {
  batch(() => {
    attract.value = false;
    playing.value = false;
    modelName.value = state.model;
    dogs.value = state.dogs;
    view.value = state.view;
    position.value = state.position;
    pad.value = state.pad;
    dials.value = state.dials;
    truncation.value = state.truncation;
  });
}

export function startAttract(): void {
  batch(() => {
    attract.value = true;
    dogs.value = walkDogs.value;
    position.value = 0;
    view.value = 'walk';
    playing.value = likesMotion();
  });
}

// Another model opens with other dogs.
effect(() => {
  const next = walkDogs.value;
  if (!attract.peek() || next === dogs.peek()) return;
  batch(() => {
    dogs.value = next;
    position.value = 0;
  });
});

/** Replaces the dogs. The walk plays if there are at least two. */
function setDogs(next: readonly string[], plays = next.length > 1): void {
  batch(() => {
    attract.value = false;
    dogs.value = next;
    position.value = Math.min(position.value, legsOf(next.length));
    playing.value = plays && view.value === 'walk' && likesMotion();
    if (next.length < MIX_DOGS) view.value = 'walk';
  });
}

/** Picks a dog, or puts it back. */
export function toggleDog(label: string): void {
  const before = attract.value ? [] : dogs.value;
  if (before.includes(label))
    setDogs(
      before.filter((other) => other !== label),
      playing.value,
    );
  else if (view.value === 'mix') setDogs([...before, label].slice(-MIX_DOGS));
  else if (before.length === MOST_DOGS) notify(messages.value.tooMany(MOST_DOGS));
  else setDogs([...before, label]);
}

/** Picks a dog unless it is picked already. */
export function pickDog(label: string): void {
  if (attract.value || !dogs.value.includes(label)) toggleDog(label);
}

/** A walk from one dog to another and nothing else. */
export function morphBetween(from: string, to: string): void {
  if (from === to) return;
  batch(() => {
    view.value = 'walk';
    position.value = 0;
    setDogs([from, to]);
  });
}

export function clearStage(): void {
  showPicture({ ...EMPTY_PICTURE, model: modelName.value });
}

const randomSeed = () => String(crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000);

/** Changes the view. Mixing takes four dogs; missing ones are drawn at random. */
export function chooseView(next: View): void {
  batch(() => {
    view.value = next;
    if (next === 'walk') {
      position.value = Math.min(position.value, legsOf(dogs.value.length));
      return;
    }
    const corners = new Set(dogs.value.slice(0, MIX_DOGS));
    while (corners.size < MIX_DOGS) corners.add(randomSeed());
    attract.value = false;
    playing.value = false;
    dogs.value = [...corners];
  });
}

/** Moves to a position that the visitor chose, and stops the walk there. */
export function moveTo(next: number): void {
  batch(() => {
    attract.value = false;
    playing.value = false;
    position.value = roundThousandth(next);
  });
}

export function movePad(x: number, y: number): void {
  const within = (value: number) => roundThousandth(Math.min(1, Math.max(0, value)));
  pad.value = { x: within(x), y: within(y) };
}

export function setDial(index: number, value: number): void {
  const next = [...dials.value];
  while (next.length <= index) next.push(0);
  next[index] = value;
  dials.value = next;
}

export function resetDials(): void {
  batch(() => {
    dials.value = [];
    truncation.value = 1;
  });
}

export function togglePlaying(): void {
  batch(() => {
    playing.value = !playing.value;
    if (!playing.value) position.value = roundThousandth(position.value);
  });
}
