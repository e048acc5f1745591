/** @module The curves of several runs, one line per run. */
import { DecimatedLog } from '../run/report/decimated-log.ts';
import { measurements } from './measured.ts';
import type { Run } from './runs.ts';

interface Line {
  imagesSeen: number[];
  /** Null: no finite value. */
  values: (number | null)[];
}

export interface Curves {
  title: string;
  /** One per run, in the order of the runs. */
  lines: Line[];
}

/** The most informative single-number metrics. */
const metricTitles = {
  'swd.mean': 'Sliced Wasserstein distance × 1,000 (lower is better)',
  frechetRandom: 'Fréchet distance of random features (lower is better)',
  msSsim: 'MS-SSIM between samples (lower: more varied)',
} as const;

export function metricCurves(runs: readonly Run[], metric: keyof typeof metricTitles): Curves {
  const lines = runs.map((run) => {
    const measured = measurements(run).filter(({ metrics }) => metric in metrics);
    return {
      imagesSeen: measured.map(({ imagesSeen }) => imagesSeen),
      values: measured.map(({ metrics }) => (Number.isFinite(metrics[metric]) ? metrics[metric]! : null)),
    };
  });
  return { title: metricTitles[metric], lines };
}

/** What D's overfitting and its control are, for runs that log them. */
const overfittingTitles = {
  rv: 'r_v: how well D knows its photos (0: not at all, 1: by heart)',
  augmentP: 'p: how often ADA applies the augmentations',
} as const;

/** Null if no run logs it. */
export function overfittingCurves(runs: readonly Run[], number: keyof typeof overfittingTitles): Curves | null {
  const lines = runs.map(({ log }) => {
    const logged = log.filter((line) => line[number] !== undefined);
    return {
      imagesSeen: logged.map(({ imagesSeen }) => imagesSeen),
      values: logged.map((line) => line[number] ?? null),
    };
  });
  return lines.some(({ values }) => values.length > 0) ? { title: overfittingTitles[number], lines } : null;
}

/** Points per loss curve. Each is a mean of many ticks: noisy losses of several runs would hide each other. */
const POINTS = 100;

export function lossCurves(runs: readonly Run[], loss: 'lossD' | 'lossG'): Curves {
  const lines = runs.map(({ log }) => {
    const decimated = new DecimatedLog(POINTS);
    for (const line of log) decimated.add(line);
    return { imagesSeen: decimated.imagesSeen, values: decimated.curve(loss).mean };
  });
  return { title: loss === 'lossD' ? 'D_loss' : 'G_loss', lines };
}
