/** @module What `pnpm train` says if there are few photos. */
import { grouped } from '@latent-dogs/command-line';
import { type Config, quoted } from '@latent-dogs/dcgan';
import type { ListedModel } from '@latent-dogs/models';

/** With fewer photos D soon knows all of them: 5,246 were few already (docs/recipe.md). */
const FEW = 2_000;

/**
 * Advice to start from a trained model, or null if there is no need.
 *
 * @param models to recommend from: the one of the same size, with training weights, that was trained on most photos.
 */
export function transferAdvice(
  { data, from, size }: Config,
  photos: number,
  models: readonly ListedModel[],
): string | null {
  if (data === null || from !== null || photos >= FEW) return null;
  const [best] = models
    .filter(
      ({ manifest: { training, ...model } }) => training.weights && training.config['data'] && model.size === size,
    )
    .sort((a, b) => b.manifest.training.dataset.count - a.manifest.training.dataset.count);
  const few = `${grouped(photos)} ${photos === 1 ? 'photo is' : 'photos are'} few: a GAN from random weights needs thousands.`;
  return best
    ? `${few} Start from a trained model instead:\n  pnpm train --data ${quoted(data)} --from ${quoted(best.folder)}`
    : `${few} Start from a model or run that was trained on more, with --from (docs/transfer.md).`;
}
