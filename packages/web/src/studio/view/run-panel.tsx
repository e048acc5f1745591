/** @module The training: its pictures, numbers, hints and actions. */
import { language } from '../../messages/messages.ts';
import { studioMessages } from '../messages/messages.ts';
import { hintOf } from '../state/hints.ts';
import { faces, failure, guardMessages, imagesSeen, log, phase, photoCount, provider } from '../state/training.ts';
import { Faces } from './faces.tsx';
import { LossesChart } from './losses-chart.tsx';
import { Morph } from './morph.tsx';
import { RunActions } from './run-actions.tsx';
import { RunNumbers } from './run-numbers.tsx';
import { Timelapse } from './timelapse.tsx';

function Hints() {
  const text = studioMessages.value;
  const messages = guardMessages.value;
  const hint = text.hints[hintOf(log.value, photoCount.value, messages.at(-1)?.imagesSeen ?? null)];
  return (
    <div class="hints" role="status">
      {phase.value === 'training' && <p class="hint">{hint}</p>}
      {provider.value?.fellBack && <p class="hint careful">{text.fellBack}</p>}
      {provider.value?.note && (
        <p class="detail" lang="en">
          {provider.value.note}
        </p>
      )}
      {messages.length > 0 && (
        <details>
          <summary>{text.guardDetails}</summary>
          {messages.map(({ message }, i) => (
            <p key={i} class="detail" lang="en">
              {message}
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

function Failure() {
  const text = studioMessages.value;
  const failed = failure.value;
  if (!failed) return null;
  return (
    <div class="problem" role="alert">
      <h3>{text.failureTitle}</h3>
      <p>{text.failures[failed.reason]}</p>
      <p class="detail" lang="en">
        {failed.detail}
      </p>
    </div>
  );
}

/** After a return, before any picture was made: what is kept. */
function Kept() {
  const text = studioMessages.value;
  const number = (value: number) => value.toLocaleString(language.value);
  return (
    <div class="kept-run">
      <h2>{text.goOnTitle}</h2>
      <p>{text.goOnText(number(imagesSeen.value), number(photoCount.value))}</p>
    </div>
  );
}

export function RunPanel() {
  const text = studioMessages.value;
  const returned = phase.value === 'paused' && faces.value === null;
  return (
    <section class="panel run-panel" data-phase={phase.value} aria-label={text.phase.training}>
      {returned ? <Kept /> : <h2 class="phase">{text.phase[phase.value as keyof typeof text.phase]}</h2>}
      <Failure />
      <div class="run-view">
        {!returned && <Faces />}
        <div class="run-side">
          {!returned && <Morph />}
          <RunNumbers />
          <RunActions />
          <Hints />
          <LossesChart />
          <Timelapse />
        </div>
      </div>
    </section>
  );
}
