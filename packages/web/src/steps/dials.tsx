/** @module Dials: the model's principal directions, and truncation. */
import { manifest } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { MOST_DIAL, MOST_TRUNCATION } from '../state/picture-state.ts';
import { dials, resetDials, setDial, truncation } from '../state/stage-state.ts';

/** Only the strongest directions: the others change little that could be named. */
const MOST_DIALS = 8;

interface DialProps {
  label: string;
  hint?: string;
  value: number;
  least: number;
  most: number;
  step: number;
  onTurn: (value: number) => void;
}

function Dial({ label, hint, value, least, most, step, onTurn }: DialProps) {
  return (
    <label class="dial" title={hint}>
      <span>{label}</span>
      <input
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        onInput={(event) => onTurn(event.currentTarget.valueAsNumber)}
      />
      <output>{value.toFixed(step < 0.1 ? 2 : 1)}</output>
    </label>
  );
}

export function Tuning() {
  const text = messages.value;
  const directions = manifest.value?.directions.slice(0, MOST_DIALS) ?? [];
  const turned = truncation.value !== 1 || dials.value.some((value) => value !== 0);
  return (
    <details class="tuning" open={turned || undefined}>
      <summary>{text.tune}</summary>
      <Dial
        label={text.truncation}
        hint={text.truncationHint}
        value={truncation.value}
        least={0}
        most={MOST_TRUNCATION}
        step={0.05}
        onTurn={(value) => {
          truncation.value = value;
        }}
      />
      {directions.map(({ name }, i) => (
        <Dial
          key={i}
          label={name ?? text.direction(i + 1)}
          value={dials.value[i] ?? 0}
          least={-MOST_DIAL}
          most={MOST_DIAL}
          step={0.1}
          onTurn={(value) => setDial(i, value)}
        />
      ))}
      <button type="button" class="quiet" disabled={!turned} onClick={resetDials}>
        {text.reset}
      </button>
    </details>
  );
}
