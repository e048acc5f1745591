/** @module Explains why there are no dogs, and what to do. */
import { modelAddress } from '../engine/catalogue.ts';
import { catalogue, failure, manifest, model, startAgain } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { modelName } from '../state/stage-state.ts';
import { ReloadButton } from '../ui/reload-button.tsx';

export function Failure() {
  const text = messages.value;
  const { reason, detail } = failure.value!;
  const samples = manifest.value?.samples;
  const others = catalogue.value.filter((entry) => entry !== model.value);
  return (
    <section class="stage failure" id="stage" role="alert">
      <h2>{text.failureTitle[reason]}</h2>
      <p>{text.failureHelp[reason]}</p>
      {reason === 'script' && <ReloadButton />}
      {reason !== 'script' && reason !== 'no-simd' && (
        <button type="button" class="strong" onClick={() => void startAgain()}>
          {text.tryAgain}
        </button>
      )}
      {reason !== 'script' &&
        reason !== 'no-simd' &&
        others.map(({ name }) => (
          <button
            key={name}
            type="button"
            class="quiet"
            onClick={() => {
              modelName.value = name;
            }}
          >
            {text.model}: {name}
          </button>
        ))}
      {samples && model.value && <img src={modelAddress(model.value, samples)} alt={text.samplesAlt} />}
      <p class="detail">{detail}</p>
    </section>
  );
}
