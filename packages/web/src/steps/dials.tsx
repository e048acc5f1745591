/** @module Dials: the model's principal directions, and truncation. Small pictures show where each one leads. */
import { computed } from '@preact/signals';
import { manifest } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { MOST_DIAL, MOST_TRUNCATION, type PictureState } from '../state/picture-state.ts';
import {
  dials,
  dogs,
  picture,
  playing,
  position,
  resetDials,
  setDial,
  truncation,
  view,
} from '../state/stage-state.ts';
import { PictureCanvas } from '../ui/picture-canvas.tsx';

/** Only the strongest directions: the others change little that could be named. */
const MOST_DIALS = 8;
/** Below it, dogs blur, and at 0 nothing is left of them: z = 0 is none that the generator has learned. Links may ask for it. */
const LEAST_TRUNCATION = 0.5;
const MONTAGE = [LEAST_TRUNCATION, 0.75, 1, 1.5, MOST_TRUNCATION];

/** The picture whose dials are turned. While a walk plays it is the nearest dog, since pictures of every step would be too many. */
const nearest = computed(() => (view.value === 'walk' ? Math.round(position.value) : 0));
const basis = computed<PictureState>(() => {
  if (!playing.value) return picture.value;
  const [all, turned, psi] = [dogs.value, dials.value, truncation.value];
  return { ...picture.peek(), dogs: all, dials: turned, truncation: psi, position: nearest.value };
});

const turnedTo = (state: PictureState, index: number, value: number): PictureState => ({
  ...state,
  dials: Array.from({ length: Math.max(state.dials.length, index + 1) }, (_, i) =>
    i === index ? value : (state.dials[i] ?? 0),
  ),
});

/** Normally distributed, like z, within the dials' limits. */
function randomTurn(): number {
  const sum = Array.from(crypto.getRandomValues(new Uint32Array(12))).reduce(
    (total, value) => total + value / 2 ** 32,
    -6,
  );
  return Math.round(Math.max(-MOST_DIAL, Math.min(MOST_DIAL, sum)) * 10) / 10;
}

const ENDS = ' … ';

/** The name of a direction, with the words for its ends that this language knows. */
function translated(name: string): string {
  const words = messages.value.directionEnds;
  return name
    .split(ENDS)
    .map((end) => words[end] ?? end)
    .join(ENDS);
}

function Direction({ index, name }: { index: number; name: string }) {
  const value = dials.value[index] ?? 0;
  return (
    <label class="dial">
      <span class="dial-name">{name}</span>
      <PictureCanvas picture={turnedTo(basis.value, index, -MOST_DIAL)} side={36} lane="ahead" />
      <input
        type="range"
        min={-MOST_DIAL}
        max={MOST_DIAL}
        step={0.1}
        value={value}
        onInput={(event) => setDial(index, event.currentTarget.valueAsNumber)}
      />
      <PictureCanvas picture={turnedTo(basis.value, index, MOST_DIAL)} side={36} lane="ahead" />
    </label>
  );
}

function Variety() {
  const text = messages.value;
  return (
    <>
      <label class="dial variety">
        <span class="dial-name">{text.truncation}</span>
        <input
          type="range"
          min={LEAST_TRUNCATION}
          max={MOST_TRUNCATION}
          step={0.05}
          value={truncation.value}
          onInput={(event) => {
            truncation.value = event.currentTarget.valueAsNumber;
          }}
        />
      </label>
      <fieldset class="montage">
        <legend class="hidden">{text.truncationHint}</legend>
        {MONTAGE.map((psi) => (
          <button
            key={psi}
            type="button"
            class="frame"
            aria-label={`${text.truncation} ${psi}`}
            aria-pressed={truncation.value === psi}
            onClick={() => {
              truncation.value = psi;
            }}
          >
            <PictureCanvas picture={{ ...basis.value, truncation: psi }} side={44} lane="ahead" />
          </button>
        ))}
      </fieldset>
      <p class="hint">{text.truncationHint}</p>
    </>
  );
}

export function Dials() {
  const text = messages.value;
  const strongest = manifest.value?.directions.slice(0, MOST_DIALS) ?? [];
  // Whoever named a model's directions left those unnamed that change nothing worth a name.
  const named = strongest.some(({ name }) => name !== null);
  const shown = strongest.map(({ name }) => !named || name !== null);
  const turned = truncation.value !== 1 || dials.value.some((value) => value !== 0);
  return (
    <div class="dials">
      <div class="panel-bar">
        <button
          type="button"
          class="quiet"
          disabled={strongest.length === 0}
          onClick={() => {
            dials.value = shown.map((is) => (is ? randomTurn() : 0));
          }}
        >
          {text.surprise}
        </button>
        <button type="button" class="quiet" disabled={!turned} onClick={resetDials}>
          {text.reset}
        </button>
      </div>
      {strongest.map(
        ({ name }, i) =>
          shown[i] && <Direction key={i} index={i} name={name === null ? text.direction(i + 1) : translated(name)} />,
      )}
      <Variety />
    </div>
  );
}
