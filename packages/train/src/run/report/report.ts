/** @module `report.html`: curves, samples, events and settings of a run in one self-contained file. */
import { basename, join, resolve } from 'node:path';
import { type LogLine, OVERFITTING_NUMBERS } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';
import { Distances } from '../best-checkpoint.ts';
import { checkpointFolders, imagesAt } from '../checkpoint.ts';
import { readEvaluations } from '../evaluations.ts';
import { readEvents, readLog } from '../log.ts';
import { isTraining } from '../run-lock.ts';
import { readRunRecord } from '../run-record.ts';
import { DecimatedLog, plotted } from './decimated-log.ts';
import { MetricCurves } from './metric-curves.ts';
import { reportPage } from './page.ts';
import { SheetStrip } from './sheet-strip.ts';

/** Keeps a summary of the log in bounded memory, so that the cost of writing a report doesn't grow with the run. */
export class RunReport {
  /** Of the evaluations so far. */
  readonly distances = new Distances();
  readonly #runFolder: string;
  readonly #strip: SheetStrip;
  readonly #log = new DecimatedLog();
  readonly #metrics = new MetricCurves();
  readonly #overfitting = new MetricCurves();
  #last: LogLine | null = null;

  private constructor(runFolder: string) {
    this.#runFolder = runFolder;
    this.#strip = new SheetStrip(runFolder);
  }

  /** Reads the run's log so far. Reopen after a roll-back. */
  static async open(runFolder: string): Promise<RunReport> {
    const report = new RunReport(runFolder);
    for (const line of await readLog(runFolder)) report.add(line);
    return report;
  }

  /** Adds a line that was appended to the log. */
  add(line: LogLine): void {
    this.#log.add(line);
    this.#metrics.add(line.imagesSeen, line.metrics);
    for (const name of [...OVERFITTING_NUMBERS, 'rv'] as const)
      this.#overfitting.add(line.imagesSeen, { [name]: line[name] });
    this.distances.add(line);
    this.#last = line;
  }

  /**
   * Writes `report.html` and returns its path.
   *
   * @param ended the run is not trained any more. Until then the page loads itself again and again.
   */
  async write(ended = false): Promise<string> {
    const running = !ended && (await isTraining(this.#runFolder));
    const [best] = this.distances.ranked(await checkpointFolders(this.#runFolder));
    const page = await reportPage({
      run: basename(resolve(this.#runFolder)),
      record: await readRunRecord(this.#runFolder),
      last: this.#last,
      best: best === undefined ? null : imagesAt(best),
      data: {
        imagesSeen: this.#log.imagesSeen,
        curves: Object.fromEntries(plotted.map((name) => [name, this.#log.curve(name)])),
        metrics: this.#metrics.with(await readEvaluations(this.#runFolder)),
        overfitting: this.#overfitting.curves,
      },
      fakes: await this.#strip.fakes(),
      reals: await this.#strip.reals(),
      events: await readEvents(this.#runFolder),
      running,
      written: new Date(),
    });
    const file = join(this.#runFolder, 'report.html');
    await writeFileAtomically(file, page);
    return file;
  }
}
