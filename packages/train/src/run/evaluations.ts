/** @module `metrics.jsonl`: what `pnpm evaluate` measured of a run's checkpoints. They are pruned; their figures stay. */
import { join } from 'node:path';
import { LineWriter, readLines } from './log.ts';

export interface Evaluation {
  /** ISO 8601. */
  time: string;
  imagesSeen: number;
  /** Generated pictures, and as many photos, that were measured: figures of other numbers are not comparable. */
  pictures: number;
  /** By name; parts of one metric after a dot: `swd.64`. */
  metrics: Record<string, number>;
  /** The same of photos held against other photos: the best there is. */
  photos: Record<string, number>;
}

export function appendEvaluation(runFolder: string, evaluation: Evaluation): void {
  const writer = new LineWriter<Evaluation>(join(runFolder, 'metrics.jsonl'));
  writer.append(evaluation);
  writer.close();
}

/** By images seen; of one checkpoint measured again with as many pictures the last. */
export async function readEvaluations(runFolder: string): Promise<Evaluation[]> {
  const all = await readLines<Evaluation>(join(runFolder, 'metrics.jsonl'));
  const last = new Map(all.map((one) => [`${one.imagesSeen} ${one.pictures}`, one]));
  return [...last.values()].sort((a, b) => a.imagesSeen - b.imagesSeen);
}
