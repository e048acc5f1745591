/** @module The curves of several runs, a line each. */
import { DecimatedLog } from '../run/report/decimated-log.ts';
import { measurements } from './measured.ts';
import type { Run } from './runs.ts';

export interface Line {
  imagesSeen: number[];
  /** Null where there was no finite value. */
  values: (number | null)[];
}

export interface Curves {
  title: string;
  /** As many as there are runs, in their order. */
  lines: Line[];
}

/** Of the metrics, what says most in one number. */
export const metricTitles = {
  'swd.mean': 'Sliced Wasserstein distance × 1,000 (lower is better)',
  frechetRandom: 'Fréchet distance of random features (lower is better)',
  msSsim: 'MS-SSIM between samples (lower is more varied)',
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

/** Means of many ticks: losses jump, and those of several runs at once would hide each other. */
const POINTS = 100;

export function lossCurves(runs: readonly Run[], loss: 'lossD' | 'lossG'): Curves {
  const lines = runs.map(({ log }) => {
    const decimated = new DecimatedLog(POINTS);
    for (const line of log) decimated.add(line);
    return { imagesSeen: decimated.imagesSeen, values: decimated.curve(loss).mean };
  });
  return { title: loss === 'lossD' ? 'D_loss' : 'G_loss', lines };
}
