/** @module A log of any length in a bounded number of bins, for charts. Each bin keeps mean, minimum and maximum. */
import { type LogLine, STEP_NUMBERS } from '@latent-dogs/dcgan';

export const plotted = [...STEP_NUMBERS, 'augmentP', 'lrG', 'lrD', 'imagesPerSecond'] as const;
type Plotted = (typeof plotted)[number];

interface Statistics {
  sum: number;
  count: number;
  min: number;
  max: number;
}

interface Bin {
  /** Images seen at the bin's last line. */
  imagesSeen: number;
  values: Record<Plotted, Statistics>;
}

/** One curve; null: no finite value. */
export interface Curve {
  mean: (number | null)[];
  min: (number | null)[];
  max: (number | null)[];
}

/** Adds log lines one by one in constant memory: when the bins are full, neighbours are merged. */
export class DecimatedLog {
  readonly #capacity: number;
  #bins: Bin[] = [];
  #linesPerBin = 1;
  #linesInLast = 0;

  /** `capacity`: maximum number of bins; even. */
  constructor(capacity = 1_200) {
    this.#capacity = capacity;
  }

  add(line: LogLine): void {
    const bin = binOf(line);
    if (this.#linesInLast > 0 && this.#linesInLast < this.#linesPerBin) {
      this.#bins.push(merged(this.#bins.pop()!, bin));
      this.#linesInLast++;
      return;
    }
    if (this.#bins.length === this.#capacity) this.#halve();
    this.#bins.push(bin);
    this.#linesInLast = 1;
  }

  get imagesSeen(): number[] {
    return this.#bins.map((bin) => bin.imagesSeen);
  }

  curve(name: Plotted): Curve {
    const all = this.#bins.map((bin) => bin.values[name]);
    return {
      mean: all.map(({ sum, count }) => (count === 0 ? null : sum / count)),
      min: all.map(({ min, count }) => (count === 0 ? null : min)),
      max: all.map(({ max, count }) => (count === 0 ? null : max)),
    };
  }

  #halve(): void {
    const halved: Bin[] = [];
    for (let i = 0; i < this.#bins.length; i += 2) halved.push(merged(this.#bins[i]!, this.#bins[i + 1]!));
    this.#bins = halved;
    this.#linesPerBin *= 2;
  }
}

function binOf(line: LogLine): Bin {
  const values = Object.fromEntries(plotted.map((name) => [name, statisticsOf(line[name])]));
  return { imagesSeen: line.imagesSeen, values: values as Bin['values'] };
}

function statisticsOf(value: number | null | undefined): Statistics {
  if (typeof value === 'number' && Number.isFinite(value)) return { sum: value, count: 1, min: value, max: value };
  return { sum: 0, count: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
}

function merged(first: Bin, second: Bin): Bin {
  const both = plotted.map((name) => {
    const [a, b] = [first.values[name], second.values[name]];
    const statistics = {
      sum: a.sum + b.sum,
      count: a.count + b.count,
      min: Math.min(a.min, b.min),
      max: Math.max(a.max, b.max),
    };
    return [name, statistics];
  });
  return { imagesSeen: second.imagesSeen, values: Object.fromEntries(both) as Bin['values'] };
}
