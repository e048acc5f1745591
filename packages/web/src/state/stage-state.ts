/** @module The state of the stage as signals, and the visitor's actions on it. */
import { batch, computed, effect, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { walkDogs } from '../opening/opening.ts';
import { notify } from './notice.ts';
import { EMPTY_PICTURE, legsOf, MOST_DOGS, type PictureState, roundThousandth, type View } from './picture-state.ts';
import { encodeStage } from './stage-link.ts';

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

/** Whether the walk, or the orbit of a mixture, plays. */
export const playing = signal(false);
/** At speed 1 a leg takes LEG_SECONDS. */
export const speed = signal(1);
/** True until the visitor picks a dog: the stage plays a walk between three dogs. */
export const attract = signal(false);

/** How often the visitor has chosen dogs: each time the page's history gets an entry. */
export const picks = signal(0);

const MIX_DOGS = 4;
/** For corners of the pad without a dog. */
const FILLERS = ['Bella', 'Max', 'Coco', 'Milo'];

export const picture = computed<PictureState>(() => ({
  model: modelName.value,
  dogs: dogs.value,
  view: view.value,
  position: position.value,
  pad: pad.value,
  dials: dials.value,
  truncation: truncation.value,
}));

/** The link to what is shown. */
export const shownLink = computed(() => {
  const sha256 = modelDigest.value ?? undefined;
  if (!playing.value || view.value === 'mix') return encodeStage(picture.value, playing.value, sha256);
  // Not the position, so that a step of the walk changes nothing here.
  const [model, all, turned, psi] = [modelName.value, dogs.value, dials.value, truncation.value];
  return encodeStage({ ...EMPTY_PICTURE, model, dogs: all, dials: turned, truncation: psi }, true, sha256);
});

/** The same, but empty before the visitor has picked a dog. */
export const link = computed(() => (attract.value ? '' : shownLink.value));

export const likesMotion = () => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/** @param plays whether it is to play, where the visitor likes motion */
export function showPicture(state: PictureState, plays = false): void {
  batch(() => {
    attract.value = false;
    playing.value = plays && state.dogs.length > 1 && likesMotion();
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

/**
 * Replaces the dogs.
 * @param plays whether what they make plays, if there are at least two
 * @param isPick whether the page's history gets an entry
 */
export function setDogs(next: readonly string[], plays = true, isPick = true): void {
  batch(() => {
    attract.value = false;
    if (isPick) picks.value += 1;
    dogs.value = next;
    position.value = Math.min(position.value, legsOf(next.length));
    if (next.length === 0) view.value = 'walk';
    playing.value = plays && next.length > 1 && likesMotion();
  });
}

/** The corner of the pad that the picture owes least to, so that another dog there changes least. */
function farthestCorner(): number {
  const { x, y } = pad.value;
  const shares = [(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y];
  return shares.indexOf(Math.min(...shares));
}

/** Picks a dog, or puts it back. */
export function toggleDog(label: string): void {
  const before = attract.value ? [] : dogs.value;
  const mixes = view.value === 'mix';
  if (before.includes(label))
    setDogs(
      before.filter((other) => other !== label),
      playing.value,
    );
  else if (mixes && before.length >= MIX_DOGS) setCorner(farthestCorner(), label);
  else if (before.length === MOST_DOGS) notify(messages.value.tooMany(MOST_DOGS));
  else setDogs([...before, label], mixes ? playing.value : true);
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

/** One dog and nothing else. */
export function showDog(label: string): void {
  batch(() => {
    view.value = 'walk';
    position.value = 0;
    setDogs([label]);
  });
}

/** Puts a dog in a corner of the pad. If it is in another one, the two change places. */
export function setCorner(corner: number, label: string): void {
  const next = [...dogs.value];
  const other = next.indexOf(label);
  if (other === corner) return;
  if (other !== -1 && corner < next.length) next[other] = next[corner]!;
  else if (other !== -1) next.splice(other, 1);
  next[Math.min(corner, next.length)] = label;
  setDogs(next.slice(0, MIX_DOGS), playing.value);
}

export function clearStage(): void {
  picks.value += 1;
  showPicture({ ...EMPTY_PICTURE, model: modelName.value });
}

/** Dogs that were put into empty corners; they leave again with the pad. */
let fillers: readonly string[] = [];

/** Changes the view. Mixing takes four dogs. */
export function chooseView(next: View): void {
  if (view.value === next) return;
  batch(() => {
    view.value = next;
    if (next === 'walk') {
      const own = dogs.value.filter((label) => !fillers.includes(label));
      setDogs(own.length > 0 ? own : dogs.value);
      return;
    }
    const own = attract.value ? [] : dogs.value.slice(0, MIX_DOGS);
    fillers = FILLERS.filter((label) => !own.includes(label)).slice(0, MIX_DOGS - own.length);
    setDogs([...own, ...fillers]);
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

/** Moves the handle to a point that the visitor chose, and stops its orbit there. */
export function movePad(x: number, y: number): void {
  const within = (value: number) => roundThousandth(Math.min(1, Math.max(0, value)));
  batch(() => {
    playing.value = false;
    pad.value = { x: within(x), y: within(y) };
  });
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

/** Stops, at a point that a link can hold. */
export function hold(): void {
  if (view.value === 'mix') movePad(pad.value.x, pad.value.y);
  else
    batch(() => {
      playing.value = false;
      position.value = roundThousandth(position.value);
    });
}

export function togglePlaying(): void {
  if (playing.value) hold();
  else playing.value = true;
}
