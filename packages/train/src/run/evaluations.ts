/** @module `metrics.jsonl`: results of `pnpm evaluate` for a run's checkpoints, kept when the checkpoints are pruned. */
import { join } from 'node:path';
import { LineWriter, readLines } from './log.ts';

export interface Evaluation {
  /** ISO 8601. */
  time: string;
  imagesSeen: number;
  /** Number of pictures and of photos. Only results with the same number are comparable. */
  pictures: number;
  /** By name; parts of a metric have a suffix: `swd.64`. */
  metrics: Record<string, number>;
  /** The same metrics for photos against other photos: the best possible values. */
  photos: Record<string, number>;
}

/** Appends a result to a run's `metrics.jsonl`. */
export function appendEvaluation(runFolder: string, evaluation: Evaluation): void {
  const writer = new LineWriter<Evaluation>(join(runFolder, 'metrics.jsonl'));
  writer.append(evaluation);
  writer.close();
}

/** Sorted by images seen. If a checkpoint was measured twice with the same number of pictures, the later measurement wins. */
export async function readEvaluations(runFolder: string): Promise<Evaluation[]> {
  const all = await readLines<Evaluation>(
    join(runFolder, 'metrics.jsonl'),
    ({ imagesSeen, metrics }) => Number.isFinite(imagesSeen) && typeof metrics === 'object' && metrics !== null,
  );
  const last = new Map(all.map((one) => [`${one.imagesSeen} ${one.pictures}`, one]));
  return [...last.values()].sort((a, b) => a.imagesSeen - b.imagesSeen);
}
