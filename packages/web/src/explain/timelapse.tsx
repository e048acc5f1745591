/** @module The same dogs at successive moments of the training. */
import type { ModelManifest } from '@latent-dogs/latent';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type CatalogueEntry, modelAddress } from '../engine/catalogue.ts';
import { language, messages } from '../messages/messages.ts';
import { Icon } from '../ui/icons.tsx';

const SECONDS_A_SHEET = 0.9;

export function Timelapse({ entry, manifest }: { entry: CatalogueEntry; manifest: ModelManifest }) {
  const sheets = manifest.timelapse ?? [];
  const shown = useSignal(sheets.length - 1);
  const runs = useSignal(false);
  useEffect(() => {
    if (!runs.value) return;
    const timer = setInterval(() => {
      if (shown.value === sheets.length - 1) runs.value = false;
      else shown.value += 1;
    }, SECONDS_A_SHEET * 1000);
    return () => clearInterval(timer);
  }, [runs.value]);
  const sheet = sheets[shown.value];
  if (!sheet || sheets.length < 2) return null;
  const text = messages.value;
  const number = (value: number) => value.toLocaleString(language.value);
  const { imagesSeen, dataset } = manifest.training;
  return (
    <section class="step">
      <div>
        <h3>{text.explainTraining}</h3>
        <p>{text.explainTrainingText(number(imagesSeen), number(dataset.count))}</p>
      </div>
      <figure class="timelapse">
        {/* All of them are there, so that going from one to the next does not flicker. */}
        <div class="sheets">
          {sheets.map(({ file, imagesSeen: seen }, i) => (
            <img
              key={file}
              src={modelAddress(entry, file)}
              class={i <= shown.value ? 'shown' : ''}
              alt={i === shown.value ? text.explainSeen(number(seen)) : ''}
            />
          ))}
        </div>
        <div class="walk-controls">
          <button
            type="button"
            class="play"
            aria-label={runs.value ? text.pause : text.play}
            onClick={() => {
              if (!runs.value && shown.value === sheets.length - 1) shown.value = 0;
              runs.value = !runs.value;
            }}
          >
            <Icon name={runs.value ? 'pause' : 'play'} />
          </button>
          <input
            type="range"
            min={0}
            max={sheets.length - 1}
            step={1}
            value={shown.value}
            aria-label={text.explainTrainingPosition}
            aria-valuetext={text.explainSeen(number(sheet.imagesSeen))}
            onInput={(event) => {
              runs.value = false;
              shown.value = event.currentTarget.valueAsNumber;
            }}
          />
        </div>
        <figcaption>{text.explainSeen(number(sheet.imagesSeen))}</figcaption>
      </figure>
    </section>
  );
}
