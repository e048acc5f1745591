/** @module What can be done next with the dogs on the stage. The panels are loaded when one is opened. */
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { notify } from '../state/notice.ts';
import { STEPS, type Step, step, toggleStep } from '../state/step-state.ts';
import { Icon } from '../ui/icons.tsx';

type Panels = Readonly<Record<Step, ComponentType>>;

function Panel({ shown }: { shown: Step }) {
  const text = messages.value;
  const loaded = useSignal<Panels | null>(null);
  useEffect(() => {
    import('../steps/panels.tsx').then(
      ({ PANELS }) => {
        loaded.value = PANELS;
      },
      () => notify(messages.peek().panelMissing),
    );
  }, []);
  const Content = loaded.value?.[shown];
  return (
    <section class="step-panel" id="panel" aria-label={text.steps[shown]}>
      <p class="explained">{text.stepHints[shown]}</p>
      <button
        type="button"
        class="close"
        aria-label={text.close}
        onClick={() => {
          toggleStep(shown);
          document.querySelector<HTMLElement>(`[data-step=${shown}]`)?.focus();
        }}
      >
        <Icon name="close" />
      </button>
      {Content && <Content />}
    </section>
  );
}

export function Steps() {
  const text = messages.value;
  const shown = step.value;
  return (
    <>
      <fieldset class="steps">
        <legend class="hidden">{text.nextSteps}</legend>
        {STEPS.map((choice) => (
          <button
            key={choice}
            type="button"
            class="chip"
            data-step={choice}
            aria-expanded={shown === choice}
            aria-controls={shown === choice ? 'panel' : undefined}
            onClick={() => toggleStep(choice)}
          >
            {text.steps[choice]}
          </button>
        ))}
      </fieldset>
      {shown && <Panel shown={shown} />}
    </>
  );
}
