/** @module What the numbers of a training mean, in plain words. */
import type { LogLine } from '@latent-dogs/dcgan';
import type { StudioMessages } from '../messages/en.ts';

type Hint = keyof StudioMessages['hints'];

/** Before so many images a training has just begun. */
const EARLY = 3_000;
/** The losses of a D that is right about nearly everything. */
const STRONG_LOSS_D = 0.05;
/** Standard deviation of the pixels over pictures, in units of [-1, 1]; photos of dogs have 0.4 to 0.5. */
const ALIKE = 0.12;
/** Rounds over the photos after which few photos are known by heart. */
const MANY_ROUNDS = 500;
const FEW_PHOTOS = 500;

/** @param rolledBackAt images seen when the guard set the training back for the last time; null: never. */
export function hintOf(lines: readonly LogLine[], photos: number, rolledBackAt: number | null): Hint {
  const last = lines.at(-1);
  if (rolledBackAt !== null && (last?.imagesSeen ?? 0) < rolledBackAt + EARLY) return 'rolledBack';
  if (!last || last.imagesSeen < EARLY) return 'early';
  if ((last.diversity ?? 1) < ALIKE) return 'alike';
  if ((last.lossD ?? 1) < STRONG_LOSS_D) return 'strong';
  if (photos < FEW_PHOTOS && last.imagesSeen / photos > MANY_ROUNDS) return 'memorised';
  return 'going';
}
