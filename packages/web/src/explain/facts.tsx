/** @module The main facts of model.json. */
import type { ModelManifest } from '@latent-dogs/latent';
import type { CatalogueEntry } from '../engine/catalogue.ts';
import { language, messages } from '../messages/messages.ts';

export function Facts({ entry, manifest }: { entry: CatalogueEntry; manifest: ModelManifest }) {
  const text = messages.value;
  const number = (value: number, digits = 0) => value.toLocaleString(language.value, { maximumFractionDigits: digits });
  const { dataset, imagesSeen } = manifest.training;
  const facts: readonly (readonly [string, string])[] = [
    [text.factModel, entry.name],
    [text.factPicture, `${entry.size} × ${entry.size}`],
    [text.factNumbers, number(entry.latentSize)],
    [text.factFile, `${number(entry.bytes / 1e6, 1)} MB`],
    [text.factPrecision, manifest.generator.precision],
    [text.factPhotos, `${number(dataset.count)} (${dataset.name})`],
    [text.factSeen, number(imagesSeen)],
  ];
  return (
    <section class="facts">
      <h3>{text.explainFacts}</h3>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
