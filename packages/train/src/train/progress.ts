/** @module Progress of decoding and training: a bar on a terminal, plain lines elsewhere. */
import { duration, grouped } from '@latent-dogs/command-line';
import { SingleBar } from 'cli-progress';
import type { DecodeProgress } from '../data/dataset.ts';
import { Pace } from './pace.ts';
import { restoredAtExit } from './terminal.ts';

/** `process.stdout` or another text stream; a bar is drawn if `isTTY` is true. */
type ProgressStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

interface TrainingTick {
  imagesSeen: number;
  lossD: number;
  lossG: number;
  imagesPerSecond: number;
}

/** Minimum milliseconds between plain lines of decoding. */
const linePeriod = 2_000;

/** Progress of decoding: pass `update` to `openPhotos` as `onProgress`, and call `stop` afterwards. */
export class DecodeReporter {
  readonly #stream: ProgressStream;
  readonly #bar: Bar | null;
  readonly #verb: Verb;
  #shownAt = 0;
  #last: DecodeProgress = { done: 0, total: 0, skipped: 0 };

  constructor(verb: Verb = PHOTOS, stream: ProgressStream = process.stdout) {
    this.#verb = verb;
    this.#stream = stream;
    this.#bar = stream.isTTY ? new Bar(stream, `${verb.present} `) : null;
  }

  readonly update = (progress: DecodeProgress): void => {
    this.#last = progress;
    const now = performance.now();
    if (this.#bar) this.#bar.draw(progress.done, progress.total, () => decodeLine(progress));
    else if (now - this.#shownAt >= linePeriod) {
      this.#shownAt = now;
      this.#stream.write(`${this.#verb.present} ${decodeLine(progress)}\n`);
    }
  };

  stop(): void {
    const { done, total } = this.#last;
    if (this.#bar) this.#bar.stop();
    else if (total > 0 && done === total) this.#stream.write(`${this.#verb.past} ${decodeLine(this.#last)}\n`);
  }
}

interface Verb {
  present: string;
  past: string;
}
const PHOTOS: Verb = { present: 'Decoding', past: 'Decoded' };
export const DRAWN_DOGS: Verb = { present: 'Drawing', past: 'Drew' };

/** Progress of training: `step` after every step, `tick` at every tick. */
export class TrainingReporter {
  readonly #stream: ProgressStream;
  readonly #plan: TrainingPlan;
  readonly #bar: Bar | null;
  readonly #pace: Pace;
  #tick: TrainingTick | null = null;

  /** @param start images seen before. */
  constructor(plan: TrainingPlan, start: number, stream: ProgressStream = process.stdout) {
    this.#plan = plan;
    this.#stream = stream;
    this.#pace = new Pace(start);
    this.#bar = stream.isTTY ? new Bar(stream, '') : null;
    this.#draw(start);
  }

  step(imagesSeen: number): void {
    this.#pace.add(imagesSeen);
    this.#draw(imagesSeen);
  }

  tick(tick: TrainingTick): void {
    this.#tick = tick;
    if (this.#bar) this.#draw(tick.imagesSeen);
    else this.#stream.write(`${trainingLine(tick, this.#plan, this.#left(tick.imagesSeen))}\n`);
  }

  /** Prints a message above the bar. */
  say(message: string): void {
    this.#bar?.stop();
    this.#stream.write(`${message}\n`);
  }

  stop(): void {
    this.#bar?.stop();
  }

  #left(imagesSeen: number): number {
    return Math.max(0, totalOf(this.#plan) - imagesSeen) / this.#pace.perSecond;
  }

  #draw(imagesSeen: number): void {
    this.#bar?.draw(imagesSeen, totalOf(this.#plan), (width) => {
      const parts = trainingParts({ ...this.#tick, imagesSeen }, this.#plan, this.#left(imagesSeen));
      return fitted(parts, width);
    });
  }
}

interface TrainingPlan {
  /** Total images to train on. */
  images: number;
  batch: number;
  /** Images that are trained on. */
  count: number;
}

/** A part of a line, and its rank: if the line is too long, the parts of the highest ranks are left out. */
type Part = [rank: number, text: string];

/**
 * `Epoch 3/17 120/250  D_loss 0.7512 G_loss 2.1034  44.1 images/s  ETA 1:02:45  131,000/200,000 images`: the epoch, and
 * the batch within it, both counted from 1.
 *
 * @param left seconds
 */
export function trainingLine(tick: TrainingTick, plan: TrainingPlan, left: number): string {
  const parts = trainingParts(tick, plan, left);
  return parts.map(([, text]) => text).join('  ');
}

/** Before the first tick, losses and speed are not known. */
function trainingParts(
  { imagesSeen, lossD, lossG, imagesPerSecond }: Pick<TrainingTick, 'imagesSeen'> & Partial<TrainingTick>,
  plan: TrainingPlan,
  left: number,
): Part[] {
  const { count, batch } = plan;
  const total = totalOf(plan);
  const seen = Math.max(1, imagesSeen);
  const epoch = Math.ceil(seen / count);
  const epochs = Math.max(1, Math.ceil(total / count));
  const batches = Math.ceil(count / batch);
  const within = Math.min(batches, Math.ceil((seen - (epoch - 1) * count) / batch));
  const losses: Part[] =
    lossD === undefined || lossG === undefined ? [] : [[3, `D_loss ${lossD.toFixed(4)} G_loss ${lossG.toFixed(4)}`]];
  const speed: Part[] = imagesPerSecond === undefined ? [] : [[2, `${imagesPerSecond.toFixed(1)} images/s`]];
  return [
    [4, `Epoch ${epoch}/${epochs} ${within}/${batches}`],
    ...losses,
    ...speed,
    [0, `ETA ${duration(left)}`],
    [1, `${grouped(imagesSeen)}/${grouped(total)} images`],
  ];
}

/** As many parts as fit into `width` characters, the most important ones. */
function fitted(parts: readonly Part[], width: number): string {
  for (let most = 4; most > 0; most--) {
    const line = parts
      .filter(([rank]) => rank <= most)
      .map(([, text]) => text)
      .join('  ');
    if (line.length <= width) return line;
  }
  return parts.find(([rank]) => rank === 0)![1].slice(0, Math.max(0, width));
}

/** Images of whole batches. */
const totalOf = ({ images, batch }: TrainingPlan): number => Math.ceil(images / batch) * batch;

function decodeLine({ done, total, skipped }: DecodeProgress): string {
  if (done === 0) return `${grouped(total)} files found`;
  return `${grouped(done)}/${grouped(total)} images${skipped > 0 ? `, ${grouped(skipped)} skipped` : ''}`;
}

/** A bar, a percentage and a line, no wider than the terminal. */
class Bar {
  readonly #stream: ProgressStream;
  readonly #bar: SingleBar;
  readonly #taken: number;
  #restore = () => {};

  constructor(stream: ProgressStream, title: string) {
    this.#stream = stream;
    const columns = stream.columns ?? 80;
    const barsize = columns >= 130 ? 20 : columns >= 60 ? 10 : 4;
    this.#taken = title.length + barsize + ' 100 % '.length;
    this.#bar = new SingleBar({
      format: `${title}{bar} {percentage} % {line}`,
      stream,
      barsize,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      gracefulExit: false,
    });
  }

  /** @param line what to write in so many columns. */
  draw(value: number, total: number, line: (width: number) => string): void {
    const payload = { line: line((this.#stream.columns ?? 80) - this.#taken) };
    if (!this.#bar.isActive) {
      this.#restore = restoredAtExit(this.#stream);
      this.#bar.start(total, value, payload);
    }
    this.#bar.setTotal(total);
    this.#bar.update(value, payload);
  }

  stop(): void {
    if (this.#bar.isActive) this.#bar.stop();
    this.#restore();
  }
}
