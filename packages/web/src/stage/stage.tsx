/** @module The stage: a large picture of one dog, the dogs it is made of, and the controls that change it. */
import { failure, maker } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import type { View } from '../state/picture-state.ts';
import { attract, chooseView, clearStage, dogs, view } from '../state/stage-state.ts';
import { Failure } from './failure.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { MixPad } from './mix-pad.tsx';
import { StageActions } from './stage-actions.tsx';
import { StageCanvas } from './stage-canvas.tsx';
import { Tuning } from './tuning.tsx';
import { WalkControls } from './walk-controls.tsx';

const VIEWS: readonly View[] = ['walk', 'mix'];

function Loading() {
  const status = maker.status.value;
  if (status.phase !== 'loading') return null;
  const share = status.bytes === 0 ? 0 : status.received / status.bytes;
  const text = messages.value.loading(Math.round(share * 100));
  return (
    <div class="loading">
      <progress value={share} aria-label={messages.value.loadingLabel} />
      <p>{text}</p>
    </div>
  );
}

function caption(): string {
  const text = messages.value;
  if (attract.value) return text.attractHint;
  if (dogs.value.length === 0) return text.stageEmpty;
  if (dogs.value.length === 1) return text.oneDogHint;
  return '';
}

export function Stage() {
  const text = messages.value;
  if (failure.value) return <Failure />;
  const hint = caption();
  const single = dogs.value.length === 1 && view.value === 'walk';
  return (
    <section class={attract.value ? 'stage attract' : 'stage'} id="stage" aria-label={text.stage}>
      <div class="picture">
        <StageCanvas label={dogs.value.map(text.dog).join(', ') || text.stageEmpty} />
        <Loading />
      </div>
      {single && <h2 class="name">{dogs.value[0]}</h2>}
      {hint !== '' && <p class="hint">{hint}</p>}
      {view.value === 'walk' ? <WalkControls /> : <MixPad />}
      <Filmstrip />
      <div class="view-bar">
        <fieldset class="views">
          <legend class="hidden">{text.viewChoice}</legend>
          {VIEWS.map((choice) => (
            <label key={choice}>
              <input type="radio" name="view" checked={view.value === choice} onChange={() => chooseView(choice)} />
              <span>{choice === 'walk' ? text.walk : text.mix}</span>
            </label>
          ))}
        </fieldset>
        {!attract.value && dogs.value.length > 0 && (
          <button type="button" class="quiet" onClick={clearStage}>
            {text.clear}
          </button>
        )}
      </div>
      <StageActions />
      <Tuning />
    </section>
  );
}
