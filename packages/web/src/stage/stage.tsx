/** @module The stage: two names, a large picture of what becomes of them, and what can be done next. */

import { labelName } from '@latent-dogs/latent';
import { failure, maker } from '../engine/engine.ts';
import { dropTarget } from '../grid/dragged-dog.ts';
import { messages } from '../messages/messages.ts';
import { namesOf } from '../state/names.ts';
import { attract, dogs, pickDog, view } from '../state/stage-state.ts';
import { wide } from '../ui/wide.ts';
import { Failure } from './failure.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { Parents } from './parents.tsx';
import { StageActions } from './stage-actions.tsx';
import { StageCanvas } from './stage-canvas.tsx';
import { Steps } from './steps.tsx';
import { WalkControls } from './walk-controls.tsx';

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

function hintOf(): string {
  const text = messages.value;
  if (attract.value) return text.attractHint;
  if (dogs.value.length === 0) return text.stageEmpty;
  return dogs.value.length === 1 ? text.oneDogHint : '';
}

export function Stage() {
  const text = messages.value;
  if (failure.value) return <Failure />;
  const hint = hintOf();
  return (
    <section class="stage" id="stage" aria-label={text.stage}>
      <Parents />
      <div class="card">
        <div class="picture" {...dropTarget(pickDog)}>
          <StageCanvas label={dogs.value.map((dog) => text.dog(labelName(dog))).join(', ') || text.stageEmpty} />
          <Loading />
        </div>
        <div class="beside">
          <div class="caption">
            {!attract.value && dogs.value.length > 0 && <h2 class="names">{namesOf(dogs.value, view.value)}</h2>}
            {hint !== '' && <p class="hint">{hint}</p>}
          </div>
          <WalkControls />
          <StageActions />
        </div>
        {wide.value && <Filmstrip />}
        <Steps />
      </div>
    </section>
  );
}
