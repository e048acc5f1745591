/** @module What `pnpm train` says about the photos: how many are enough, and for how long to train on them. */
import { grouped } from '@latent-dogs/command-line';
import { type Config, presetConfig, quoted } from '@latent-dogs/dcgan';
import type { ListedModel } from '@latent-dogs/models';

/**
 * With so few, nothing but copies can be learned; with a few more, D knows them by heart after some epochs; and a training from
 * random weights found 5,246 few (docs/recipe.md).
 */
const [HOPELESS, KNOWN_BY_HEART, FEW] = [30, 300, 2_000];
/** Below this `photoDiversity`, the photos look the same; that of dog faces is about 0.5. */
const ALIKE = 0.03;

interface Photos {
  count: number;
  distinct: number;
  /** Null: not known. */
  diversity: number | null;
}

/**
 * One sentence or two for each thing to know about the photos; none if there are many different ones.
 *
 * @param models to recommend as a start: the one of the same size, with training weights, that was trained on most photos.
 */
export function photoAdvice(config: Config, photos: Photos, models: readonly ListedModel[]): string[] {
  const { count, distinct, diversity } = photos;
  if (config.data === null) return [];
  const lines: string[] = [];
  if (distinct === 1 && count > 1)
    lines.push(`All ${grouped(count)} photos are the same picture: there is nothing to learn but that.`);
  else if (distinct < count)
    lines.push(
      `${grouped(count - distinct)} of ${grouped(count)} photos ${count - distinct === 1 ? 'is a copy' : 'are copies'} of others.`,
    );
  if (distinct > 1 && diversity !== null && diversity < ALIKE)
    lines.push(`The ${grouped(distinct)} photos hardly differ from each other: so will the results.`);
  const few = fewText(distinct, config.from !== null);
  if (few) lines.push(config.from === null ? `${few} ${startText(config, models)}` : few);
  return lines;
}

function fewText(distinct: number, isTransfer: boolean): string | null {
  const subject = distinct === 1 ? '1 photo is' : `${grouped(distinct)} photos are`;
  if (distinct <= HOPELESS) return `${subject} too few: expect copies of ${distinct === 1 ? 'it' : 'them'}.`;
  if (distinct <= KNOWN_BY_HEART) return `${subject} few: D will soon know them by heart; expect near copies of them.`;
  return distinct < FEW && !isTransfer ? `${subject} few: a GAN from random weights needs thousands.` : null;
}

function startText({ data, size }: Config, models: readonly ListedModel[]): string {
  const [best] = models
    .filter(
      ({ manifest: { training, ...model } }) => training.weights && training.config['data'] && model.size === size,
    )
    .sort((a, b) => b.manifest.training.dataset.count - a.manifest.training.dataset.count);
  return best
    ? `Start from a trained model instead:\n  pnpm train --data ${quoted(data!)} --from ${quoted(best.folder)}`
    : 'Start from a model or run that was trained on more, with --from (docs/transfer.md).';
}

/** What the recipe was measured with: 560,000 images, and no gain beyond them, on 5,246 photos (docs/recipe.md). */
const MEASURED_PHOTOS = 5_246;
/** Fewer images give no dogs, however few the photos; more than this take days on a CPU. */
const [LEAST, MOST] = [60_000, 2_000_000];

/**
 * The number of images to train on by default, for photos with the `dogs` preset: as many epochs as the recipe, rounded to 20,000
 * images. Null where the preset's own number applies.
 */
export function imagesFor({ preset, data, from }: Pick<Config, 'preset' | 'data' | 'from'>, photos: number) {
  if (preset !== 'dogs' || data === null || from !== null) return null;
  const { images } = presetConfig(preset, data);
  const sameEpochs = Math.round((images * photos) / MEASURED_PHOTOS / 20_000) * 20_000;
  return Math.min(MOST, Math.max(LEAST, sameEpochs));
}
