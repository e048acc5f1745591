/** @module What `pnpm train` says about the photos: how many are enough, and for how long to train on them. */
import { grouped } from '@latent-dogs/command-line';
import { type Config, presetConfig } from '@latent-dogs/dcgan';

/** With so few, nothing but copies can be learned; with a few more, D knows them by heart after some epochs. */
const [HOPELESS, FEW] = [30, 300];
/** Below this `photoDiversity`, the photos look the same; that of dog faces is about 0.5. */
const ALIKE = 0.03;

/** One sentence for each thing to know about the photos; none if there are many different ones. */
export function photoAdvice({ count, distinct, diversity }: { count: number; distinct: number; diversity: number }) {
  const copies = count - distinct;
  const photos = `${grouped(count)} ${count === 1 ? 'photo' : 'photos'}`;
  const lines: string[] = [];
  if (distinct === 1 && count > 1)
    lines.push(`All ${photos} are the same picture: there is nothing to learn but that.`);
  else if (copies > 0)
    lines.push(`${grouped(copies)} of ${photos} ${copies === 1 ? 'is a copy' : 'are copies'} of others.`);
  if (distinct > 1 && diversity < ALIKE)
    lines.push(`The ${photos} hardly differ from each other: so will the results.`);
  if (distinct <= HOPELESS)
    lines.push(`${photos}: expect copies of them. A generator needs at least a few hundred, better a few thousand.`);
  else if (distinct <= FEW) lines.push(`${photos}: D will soon know them by heart; expect near copies of them.`);
  return lines;
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
