/** @module The losses over the training. */
import type { LogLine } from '@latent-dogs/dcgan';
import { studioMessages } from '../messages/messages.ts';
import { log } from '../state/training.ts';

const WIDTH = 320;
const HEIGHT = 110;
const MOST_POINTS = 160;
/** Rarely passed, except when a training goes wrong. */
const MOST_LOSS = 6;

const CURVES = ['lossD', 'lossG'] as const;

/** Means of equal parts, so that long trainings have as many points as short ones. */
function points(lines: readonly LogLine[], name: (typeof CURVES)[number]): string {
  const last = lines.at(-1)!.imagesSeen;
  const part = Math.max(1, Math.ceil(lines.length / MOST_POINTS));
  const shown: string[] = [];
  for (let at = 0; at < lines.length; at += part) {
    const some = lines.slice(at, at + part);
    const mean = some.reduce((sum, line) => sum + (line[name] ?? 0), 0) / some.length;
    const x = (WIDTH * some.at(-1)!.imagesSeen) / last;
    const y = HEIGHT * (1 - Math.min(1, mean / MOST_LOSS));
    shown.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return shown.join(' ');
}

export function LossesChart() {
  const text = studioMessages.value;
  const lines = log.value;
  const last = lines.at(-1);
  if (!last) return null;
  const now = (name: (typeof CURVES)[number]) => (last[name] ?? Number.NaN).toFixed(2);
  return (
    <figure class="losses">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${text.losses}: ${text.lossD} ${now('lossD')}, ${text.lossG} ${now('lossG')}`}
      >
        {CURVES.map((name) => (
          <polyline key={name} class={name} points={points(lines, name)} />
        ))}
      </svg>
      <figcaption>
        <span class="lossD">
          {text.lossD} {now('lossD')}
        </span>
        <span class="lossG">
          {text.lossG} {now('lossG')}
        </span>
      </figcaption>
    </figure>
  );
}
