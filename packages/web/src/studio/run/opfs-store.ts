/** @module The storage of a run in the browser's file system: the files of a run folder on Node, but for its report. */
import type { Checkpoint, LogLine, RunEvent, RunStore } from '@latent-dogs/dcgan';
import type { Folder } from '../storage/folder.ts';
import { LineFile } from '../storage/line-file.ts';
import { Checkpoints } from './checkpoints.ts';
import { type Sheet, sheetName, sheetPng } from './sheet.ts';

export class OpfsStore implements RunStore {
  readonly #folder: Folder;
  readonly #checkpoints: Checkpoints;
  readonly #log: LineFile<LogLine>;
  readonly #events: LineFile<RunEvent>;
  readonly #size: number;
  readonly #onSheet: (sheet: Sheet) => void;

  private constructor(
    folder: Folder,
    checkpoints: Checkpoints,
    log: LineFile<LogLine>,
    events: LineFile<RunEvent>,
    size: number,
    onSheet: (sheet: Sheet) => void,
  ) {
    this.#folder = folder;
    this.#checkpoints = checkpoints;
    this.#log = log;
    this.#events = events;
    this.#size = size;
    this.#onSheet = onSheet;
  }

  /**
   * Nobody else can open the run's log until `close`.
   *
   * @param size H = W of the pictures.
   * @param onSheet called with each sheet that was written.
   */
  static async open(folder: Folder, size: number, onSheet: (sheet: Sheet) => void = () => {}): Promise<OpfsStore> {
    const checkpoints = new Checkpoints(await folder.folder('checkpoints'));
    await checkpoints.clearLeftovers();
    const log = await LineFile.open<LogLine>(folder, 'log.jsonl');
    const events = await LineFile.open<RunEvent>(folder, 'events.jsonl');
    return new OpfsStore(folder, checkpoints, log, events, size, onSheet);
  }

  /** The checkpoint to continue from; null if there is none. Drops the log lines after it. */
  async continueFrom(): Promise<Checkpoint | null> {
    const checkpoint = await this.#checkpoints.newest();
    this.#log.truncateAt((line) => line.imagesSeen > (checkpoint?.imagesSeen ?? 0));
    return checkpoint;
  }

  get logLines(): readonly LogLine[] {
    return this.#log.lines;
  }

  writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.#checkpoints.write(checkpoint);
  }

  rollbackCheckpoint(lastRollback: number | null): Promise<Checkpoint | null> {
    return this.#checkpoints.rollback(lastRollback);
  }

  async truncateAfter(imagesSeen: number): Promise<void> {
    await this.#checkpoints.dropAfter(imagesSeen);
    this.#log.truncateAt((line) => line.imagesSeen > imagesSeen);
  }

  log(line: LogLine): void {
    this.#log.append(line);
  }

  event(event: RunEvent): void {
    this.#events.append(event);
  }

  async writeSheet(imagesSeen: number, pictures: Float32Array): Promise<void> {
    const png = await sheetPng(pictures, this.#size);
    await this.#folder.write(sheetName(imagesSeen), new Uint8Array(await png.arrayBuffer()));
    this.#onSheet({ imagesSeen, png });
  }

  close(): void {
    this.#log.close();
    this.#events.close();
  }
}
