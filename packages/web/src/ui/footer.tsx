/** @module The footer: how dogs are computed, and a choice of models. */
import { catalogue, maker, model } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { modelName } from '../state/stage-state.ts';

const PROVIDERS = { webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;

function Badge() {
  const status = maker.status.value;
  if (status.phase !== 'ready') return null;
  const text = messages.value;
  const pace = maker.millisecondsPerDog.value;
  const provider = PROVIDERS[status.provider];
  const numbers =
    pace === null ? provider : text.badge(provider, status.threads, pace < 10 ? pace.toFixed(1) : pace.toFixed(0));
  return (
    <p
      class="badge"
      title={`${text.badgeHint} ${numbers}`}
      data-provider={status.provider}
      data-threads={status.threads}
    >
      <span class="light" aria-hidden="true" />
      {text.madeHere}
      <span class="hidden numbers">{numbers}</span>
    </p>
  );
}

function ModelPicker() {
  if (catalogue.value.length < 2) return null;
  return (
    <label class="model-picker">
      <span>{messages.value.model}</span>
      <select
        value={model.value?.name}
        onChange={(event) => {
          modelName.value = event.currentTarget.value;
        }}
      >
        {catalogue.value.map(({ name, local }) => (
          <option key={name} value={name}>
            {local ? messages.value.onlyHere(name) : name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Footer() {
  return (
    <footer class="bottom">
      <Badge />
      <ModelPicker />
    </footer>
  );
}
