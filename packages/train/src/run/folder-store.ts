/** @module The storage of a run in its folder: log, events, sheets, checkpoints and report. */
import { join } from 'node:path';
import type { Checkpoint, LogLine, RunEvent, RunStore } from '@latent-dogs/dcgan';
import { nameBest } from './best-checkpoint.ts';
import { dropCheckpointsAfter, pruneCheckpoints, rollbackCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type LineWriter, openEvents, openLog, truncateLog } from './log.ts';
import { RunReport } from './report/report.ts';
import type { Room } from './room.ts';
import { writeSheet } from './sheet.ts';

/** Milliseconds between two reports, which a page in a browser follows. */
const REPORT_PERIOD = 20_000;

export class FolderStore implements RunStore {
  readonly #folder: string;
  readonly #size: number;
  readonly #room: Room;
  readonly #events: LineWriter<RunEvent>;
  #log: LineWriter<LogLine>;
  #report: RunReport;
  #sheet = '';
  /** The report that is written between sheets, and when the last one was. */
  #refresh: Promise<unknown> = Promise.resolve();
  #reportedAt = 0;

  private constructor(folder: string, size: number, room: Room, report: RunReport) {
    this.#folder = folder;
    this.#size = size;
    this.#room = room;
    this.#log = openLog(folder);
    this.#events = openEvents(folder);
    this.#report = report;
  }

  /**
   * @param size H = W of the pictures.
   * @param room waits where the disk is full.
   */
  static async open(folder: string, size: number, room: Room): Promise<FolderStore> {
    const store = new FolderStore(folder, size, room, await RunReport.open(folder));
    // Completes what a killed process did not get to. The log may be shorter than when `best` was written, and earlier versions
    // did not write it.
    await store.#keepBest();
    return store;
  }

  /** Path of the newest sheet. */
  get sheet(): string {
    return this.#sheet;
  }

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#room.for(async () => {
      this.#flush();
      await writeCheckpoint(this.#folder, checkpoint);
      await this.#keepBest();
    });
  }

  /** The log is complete up to a checkpoint. */
  #flush(): void {
    this.#log.flush();
    this.#events.flush();
  }

  /** Names the best checkpoint, and prunes the others. */
  async #keepBest(): Promise<void> {
    const best = await nameBest(this.#folder, this.#report.distances);
    await pruneCheckpoints(this.#folder, { best });
  }

  rollbackCheckpoint(lastRollback: number | null): Promise<Checkpoint | null> {
    return rollbackCheckpoint(this.#folder, lastRollback);
  }

  async truncateAfter(imagesSeen: number): Promise<void> {
    await this.#room.for(async () => {
      // First, so that `best` always names an existing checkpoint.
      await nameBest(this.#folder, this.#report.distances, imagesSeen);
      await dropCheckpointsAfter(this.#folder, imagesSeen);
      await this.#refresh;
      this.#log.close();
      await truncateLog(this.#folder, imagesSeen);
      this.#log = openLog(this.#folder);
      this.#report = await RunReport.open(this.#folder);
    });
  }

  log(line: LogLine): void {
    this.#log.append(line);
    this.#report.add(line);
    if (performance.now() - this.#reportedAt < REPORT_PERIOD) return;
    this.#reportedAt = performance.now();
    // What fails here, such as a full disk, fails again where it is waited for.
    const report = this.#report;
    this.#refresh = this.#refresh.then(() => report.write()).catch(() => {});
  }

  event(event: RunEvent): void {
    this.#events.append(event);
  }

  async writeSheet(imagesSeen: number, pictures: Float32Array): Promise<void> {
    this.#sheet = join(this.#folder, `fakes-${String(imagesSeen).padStart(6, '0')}.png`);
    await this.#room.for(async () => {
      await writeSheet({ file: this.#sheet, images: pictures, size: this.#size, columns: 8 });
      await this.#refresh;
      await this.#report.write();
      this.#reportedAt = performance.now();
    });
  }

  /** Writes the report and closes the files. @returns path of the report. */
  async close(): Promise<string> {
    await this.#refresh;
    this.#log.close();
    this.#events.close();
    return this.#report.write(true);
  }
}
