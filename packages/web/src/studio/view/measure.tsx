/** @module How fast this device trains: a button, and a line for the table in docs/gpu.md. */
import { studioMessages } from '../messages/messages.ts';
import { planned, problem } from '../state/plan.ts';
import { measured, measureSpeed, working } from '../state/training.ts';
import { measurementLine } from './measurement-line.ts';

export function Measure() {
  const text = studioMessages.value;
  const result = measured.value;
  const running = result === 'running';
  return (
    <div class="measure">
      <button
        type="button"
        class="quiet"
        disabled={running || working.value || !planned.value || problem.value !== null}
        onClick={() => measureSpeed(planned.peek()!)}
      >
        {text.measure}
      </button>
      <small>{text.measureHelp}</small>
      <p role="status">{running && text.measuring}</p>
      {result && !running && (
        <textarea
          readOnly
          rows={4}
          lang="en"
          aria-label={text.measure}
          value={measurementLine(result, new Date(), navigator.userAgent, navigator.hardwareConcurrency)}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
    </div>
  );
}
