/** @module Chooses the start and the size, and starts. */
import { studioMessages } from '../messages/messages.ts';
import { SIZES } from '../photos/cut-file.ts';
import { photos } from '../state/photos.ts';
import {
  canStart,
  changes,
  chosenStart,
  ENOUGH_FOR_MODEL,
  ENOUGH_FOR_SCRATCH,
  size,
  start,
  startEntry,
  starts,
} from '../state/plan.ts';
import { Advanced } from './advanced.tsx';
import { Choice } from './choice.tsx';

function Advice() {
  const { advice } = studioMessages.value;
  const count = photos.value.size;
  const fromModel = startEntry.value !== null;
  if (count === 0) return <p class="hint">{advice.none}</p>;
  if (!fromModel && count < ENOUGH_FOR_SCRATCH) return <p class="hint careful">{advice.scratchFew}</p>;
  if (count < ENOUGH_FOR_MODEL) return <p class="hint careful">{advice.few(count)}</p>;
  return <p class="hint">{fromModel ? advice.model : advice.many}</p>;
}

export function StartPanel() {
  const text = studioMessages.value;
  return (
    <section class="panel start-panel">
      <Choice
        name="start"
        legend={text.startTitle}
        options={[
          ...starts.value.map(({ name }) => ({ value: name, label: text.fromModel(name), hint: text.fromModelHint })),
          { value: null, label: text.scratch, hint: text.scratchHint },
        ]}
        value={startEntry.value?.name ?? null}
        onChange={(value) => {
          chosenStart.value = value;
          changes.value = {};
        }}
      />
      {starts.value.length === 0 && <p class="hint">{text.noModels}</p>}
      <Choice
        name="size"
        legend={text.sizeTitle}
        options={SIZES.map((value) => ({ value, label: text.size(value) }))}
        value={size.value}
        onChange={(value) => {
          size.value = value;
        }}
      />
      <Advice />
      <button type="button" class="strong big" disabled={!canStart.value} onClick={start}>
        {text.start}
      </button>
      <Advanced />
    </section>
  );
}
