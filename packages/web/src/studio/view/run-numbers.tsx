/** @module How a training goes, in numbers. */
import { language } from '../../messages/messages.ts';
import { studioMessages } from '../messages/messages.ts';
import { config, imagesPerSecond, imagesSeen, log, phase, provider } from '../state/training.ts';

const PROVIDERS = { webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;

export function RunNumbers() {
  const text = studioMessages.value;
  const settings = config.value!;
  const last = log.value.at(-1);
  const pace = imagesPerSecond.value;
  const device = provider.value;
  const grouped = (value: number) => value.toLocaleString(language.value);
  const training = phase.value === 'training';
  const rows: [string, string][] = [];
  if (training && pace > 0) {
    rows.push([text.pace, pace.toFixed(pace < 10 ? 1 : 0)]);
    rows.push([text.timeLeft, text.minutes(Math.round((settings.images - imagesSeen.value) / pace / 60))]);
  }
  if (last?.diversity) rows.push([text.diversity, last.diversity.toFixed(2)]);
  if (last?.augmentP !== undefined) rows.push([text.augmentP, last.augmentP.toFixed(2)]);
  if (device) rows.push([text.computesTitle, text.computes(PROVIDERS[device.provider], device.threads)]);
  return (
    <div class="numbers">
      <progress
        value={Math.min(imagesSeen.value, settings.images)}
        max={settings.images}
        aria-label={text.seen(grouped(imagesSeen.value), grouped(settings.images))}
      />
      <p class="seen">{text.seen(grouped(imagesSeen.value), grouped(settings.images))}</p>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
