/** @module The metrics measured during training, and the number of images at which runs can be compared. */
import { grouped } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import type { Run } from './runs.ts';

interface Measurement {
  imagesSeen: number;
  /** By name: `swd.mean`. */
  metrics: Record<string, number>;
}

export function measurements({ log }: Run): Measurement[] {
  return log.flatMap(({ imagesSeen, metrics }) => (metrics ? [{ imagesSeen, metrics }] : []));
}

/** The measurement closest to `images` seen, at most one tick away: batches of 64 are measured at 60,032, not 60,000. */
export function measuredAt(run: Run, images: number): Measurement | null {
  const away = ({ imagesSeen }: Measurement) => Math.abs(imagesSeen - images);
  const [nearest] = measurements(run).sort((a, b) => away(a) - away(b));
  return nearest && away(nearest) <= tickOf(run) ? nearest : null;
}

/**
 * The largest image count at which every run was measured; failing that, the one shared by the most runs.
 *
 * @param at returned instead, if any run was measured there.
 * @throws {UserError} if no run was measured, or none at `at`.
 */
export function commonImages(runs: readonly Run[], at: number | null): number {
  const candidates = [...new Set(runs.flatMap((run) => measurements(run).map(({ imagesSeen }) => imagesSeen)))];
  if (candidates.length === 0)
    throw new UserError(
      'none of these runs has been measured yet: training measures every --evaluate-every images (default: 20k; 0: never). ' +
        'Train longer, or with a smaller --evaluate-every',
    );
  const runsAt = (images: number) => runs.filter((run) => measuredAt(run, images)).length;
  const most = Math.max(...candidates.map(runsAt));
  const shared = candidates.filter((images) => runsAt(images) === most).sort((a, b) => a - b);
  if (at === null) {
    const tick = Math.min(...runs.map(tickOf));
    return shared.find((images) => images >= shared.at(-1)! - tick)!;
  }
  if (runsAt(at) > 0) return at;
  throw new UserError(
    `--at: no run was measured at ${grouped(at)} images; ${most} of ${runs.length} were measured at ${shared.map(grouped).join('; ')}`,
  );
}

/** Images per tick. Metrics are logged at the end of their tick, which is the end of a batch. */
function tickOf({ record: { config } }: Run): number {
  return Math.max(config.tickEvery, config.batch);
}
