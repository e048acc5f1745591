/** @module Progress of decoding and training: a bar on a terminal, plain lines elsewhere. */
import { duration, grouped } from '@latent-dogs/command-line';
import { SingleBar } from 'cli-progress';
import type { DecodeProgress } from '../data/dataset.ts';

/** `process.stdout` or another text stream; a bar is drawn if `isTTY` is true. */
type ProgressStream = NodeJS.WritableStream & { isTTY?: boolean };

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
  readonly #bar: SingleBar | null;
  #shownAt = 0;
  #last: DecodeProgress = { done: 0, total: 0, skipped: 0 };

  constructor(stream: ProgressStream = process.stdout) {
    this.#stream = stream;
    this.#bar = bar(stream, 'Decoding {bar} {percentage} % {line}');
  }

  readonly update = (progress: DecodeProgress): void => {
    this.#last = progress;
    const now = performance.now();
    if (this.#bar) drawBar(this.#bar, progress.done, progress.total, decodeLine(progress));
    else if (now - this.#shownAt >= linePeriod) {
      this.#shownAt = now;
      this.#stream.write(`Decoding ${decodeLine(progress)}\n`);
    }
  };

  stop(): void {
    const { done, total } = this.#last;
    if (this.#bar) stopBar(this.#bar);
    else if (total > 0 && done === total) this.#stream.write(`Decoded ${decodeLine(this.#last)}\n`);
  }
}

/** Progress of training, one call per tick. */
export class TrainingReporter {
  readonly #stream: ProgressStream;
  readonly #bar: SingleBar | null;
  readonly #plan: TrainingPlan;

  constructor(plan: TrainingPlan, stream: ProgressStream = process.stdout) {
    this.#plan = plan;
    this.#stream = stream;
    this.#bar = bar(stream, '{bar} {line}');
  }

  tick(tick: TrainingTick): void {
    const line = trainingLine(tick, this.#plan);
    if (this.#bar) drawBar(this.#bar, tick.imagesSeen, stepsIn(this.#plan) * this.#plan.batch, line);
    else this.#stream.write(`${line}\n`);
  }

  /** Prints a message above the bar. */
  say(message: string): void {
    if (this.#bar) stopBar(this.#bar);
    this.#stream.write(`${message}\n`);
  }

  stop(): void {
    if (this.#bar) stopBar(this.#bar);
  }
}

interface TrainingPlan {
  /** Total images to train on. */
  images: number;
  batch: number;
  /** Images that are trained on. */
  count: number;
}

/**
 * `Epoch 3/17 120/250 D_loss 0.7512 G_loss 2.1034  44.1 images/s  ETA 1:02:45  131,000/200,000 images`: the epoch, and
 * the batch within it, both counted from 1.
 */
export function trainingLine(tick: TrainingTick, plan: TrainingPlan): string {
  const { count, batch } = plan;
  const total = stepsIn(plan) * batch;
  const seen = Math.max(1, tick.imagesSeen);
  const epoch = Math.ceil(seen / count);
  const epochs = Math.max(1, Math.ceil(total / count));
  const batches = Math.ceil(count / batch);
  const within = Math.min(batches, Math.ceil((seen - (epoch - 1) * count) / batch));
  const left = Math.max(0, total - tick.imagesSeen) / tick.imagesPerSecond;
  return (
    `Epoch ${epoch}/${epochs} ${within}/${batches} ` +
    `D_loss ${tick.lossD.toFixed(4)} G_loss ${tick.lossG.toFixed(4)}  ` +
    `${tick.imagesPerSecond.toFixed(1)} images/s  ETA ${duration(left)}  ` +
    `${grouped(tick.imagesSeen)}/${grouped(total)} images`
  );
}

function stepsIn({ images, batch }: TrainingPlan): number {
  return Math.ceil(images / batch);
}

function decodeLine({ done, total, skipped }: DecodeProgress): string {
  if (done === 0) return `${grouped(total)} files found`;
  return `${grouped(done)}/${grouped(total)} images${skipped > 0 ? `, ${grouped(skipped)} skipped` : ''}`;
}

function bar(stream: ProgressStream, format: string): SingleBar | null {
  if (!stream.isTTY) return null;
  return new SingleBar({
    format,
    stream,
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
}

function drawBar(bar: SingleBar, value: number, total: number, line: string): void {
  if (!bar.isActive) bar.start(total, value, { line });
  bar.setTotal(total);
  bar.update(value, { line });
}

function stopBar(bar: SingleBar): void {
  if (bar.isActive) bar.stop();
}
