/** @module Numbers of evaluations in a log, one curve each. They are rare, so every value is kept. */

import type { Evaluation } from '../evaluations.ts';

export type MetricPoints = { imagesSeen: number[]; values: (number | null)[] };

export class MetricCurves {
  readonly curves: Record<string, MetricPoints> = {};

  add(imagesSeen: number, values: Readonly<Record<string, number | null | undefined>> = {}): void {
    for (const [name, value] of Object.entries(values)) if (value !== undefined) this.#point(name, imagesSeen, value);
  }

  /** These curves plus those of evaluations: `2000/swd.64` is `swd.64` of 2,000 pictures. */
  with(evaluations: readonly Evaluation[]): Record<string, MetricPoints> {
    const both = new MetricCurves();
    Object.assign(both.curves, this.curves);
    for (const { imagesSeen, pictures, metrics } of evaluations)
      for (const [name, value] of Object.entries(metrics)) both.#point(`${pictures}/${name}`, imagesSeen, value);
    return both.curves;
  }

  #point(name: string, imagesSeen: number, value: number | null): void {
    this.curves[name] ??= { imagesSeen: [], values: [] };
    const points = this.curves[name];
    points.imagesSeen.push(imagesSeen);
    points.values.push(Number.isFinite(value) ? value : null);
  }
}
