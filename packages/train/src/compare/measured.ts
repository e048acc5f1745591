/** @module What was measured of runs during training, and the number of images at which they can be compared. */
import { grouped } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import type { Run } from './runs.ts';

export interface Measurement {
  imagesSeen: number;
  /** By name: `swd.mean`. */
  metrics: Record<string, number>;
}

export function measurements({ log }: Run): Measurement[] {
  return log.flatMap(({ imagesSeen, metrics }) => (metrics ? [{ imagesSeen, metrics }] : []));
}

/** The measurement nearest to `images` seen, at most a tick away: batches of 64 are measured at 60,032, not 60,000. */
export function measuredAt(run: Run, images: number): Measurement | null {
  const away = ({ imagesSeen }: Measurement) => Math.abs(imagesSeen - images);
  const [nearest] = measurements(run).sort((a, b) => away(a) - away(b));
  return nearest && away(nearest) <= tickOf(run) ? nearest : null;
}

/**
 * The largest number of images that all runs were measured at, or as many of them as ever were.
 *
 * @param at asked for instead.
 * @throws {UserError} where no run was measured, or none at `at`.
 */
export function commonImages(runs: readonly Run[], at: number | null): number {
  const candidates = [...new Set(runs.flatMap((run) => measurements(run).map(({ imagesSeen }) => imagesSeen)))];
  if (candidates.length === 0)
    throw new UserError(
      'none of these runs has been measured yet: training does so every --evaluate-every images (default: 20k; 0: never). ' +
        'Let them go on, train them with --evaluate-every, or measure checkpoints with pnpm evaluate',
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
    `--at: no run was measured at ${grouped(at)} images; ${most} of ${runs.length} were at ${shared.map(grouped).join('; ')}`,
  );
}

/** Metrics are logged with the tick that they fall into, which ends with a whole batch. */
function tickOf({ record: { config } }: Run): number {
  return Math.max(config.tickEvery, config.batch);
}
