/** @module The metrics of a log, one curve each: they are measured so seldom that every value is kept. */
import type { LogLine } from '../log.ts';

export type MetricPoints = { imagesSeen: number[]; values: (number | null)[] };

export class MetricCurves {
  readonly curves: Record<string, MetricPoints> = {};

  add({ imagesSeen, metrics = {} }: LogLine): void {
    for (const [name, value] of Object.entries(metrics)) {
      this.curves[name] ??= { imagesSeen: [], values: [] };
      const points = this.curves[name];
      points.imagesSeen.push(imagesSeen);
      points.values.push(Number.isFinite(value) ? value : null);
    }
  }
}
