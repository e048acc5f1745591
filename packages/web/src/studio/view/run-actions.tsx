/** @module What can be done with a training: pause, go on, finish, download, delete. */
import { useSignal } from '@preact/signals';
import { studioMessages } from '../messages/messages.ts';
import { discard, downloadRun, finish, goOn, imagesSeen, pause, phase, working } from '../state/training.ts';

const DEFAULT_NAME = 'my-dogs';

function NameForm({ onClose }: { onClose: () => void }) {
  const text = studioMessages.value;
  const name = useSignal(DEFAULT_NAME);
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        finish(name.value);
        onClose();
      }}
    >
      <label>
        <span>{text.nameTitle}</span>
        <input
          type="text"
          maxLength={40}
          required
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="strong">
        {text.makeModel}
      </button>
      <button type="button" class="quiet" onClick={onClose}>
        {text.cancel}
      </button>
    </form>
  );
}

export function RunActions() {
  const text = studioMessages.value;
  const naming = useSignal(false);
  const rests = ['paused', 'done', 'failed'].includes(phase.value);
  if (naming.value) {
    return (
      <NameForm
        onClose={() => {
          naming.value = false;
        }}
      />
    );
  }
  const mayFinish = (rests || phase.value === 'training') && imagesSeen.value > 0;
  return (
    <div class="run-actions">
      {working.value && (
        <button type="button" class="strong" onClick={pause}>
          {text.pause}
        </button>
      )}
      {(phase.value === 'paused' || phase.value === 'failed') && (
        <button type="button" class="strong" onClick={goOn}>
          {text.goOn}
        </button>
      )}
      <button
        type="button"
        class={phase.value === 'done' ? 'strong' : 'quiet'}
        disabled={!mayFinish}
        onClick={() => {
          naming.value = true;
        }}
      >
        {text.finish}
      </button>
      {rests && (
        <button type="button" class="quiet" title={text.downloadRunHint} onClick={downloadRun}>
          {text.downloadRun}
        </button>
      )}
      {rests && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            if (confirm(text.discardSure)) discard();
          }}
        >
          {text.discard}
        </button>
      )}
    </div>
  );
}
