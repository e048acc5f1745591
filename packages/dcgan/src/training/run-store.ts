/** @module Where a run keeps what training makes. On Node it is a run folder; in a browser it can be the page's private files. */

import type { Tensor } from '../step/state.ts';
import type { LogLine, RunEvent } from './log-line.ts';

export interface Checkpoint {
  imagesSeen: number;
  /** Whether training was going well: what the guard may roll back to. */
  healthy: boolean;
  /** Weights and optimiser state. Must not change while they are being written. */
  tensors: Record<string, Tensor>;
  /** Everything else that the next step depends on (random generators, data order, guard); survives JSON unchanged. */
  state: Record<string, unknown>;
}

export interface RunStore {
  /** Written whole or not at all. A store may drop old checkpoints, but never the newest healthy one. */
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * The checkpoint to roll back to: the newest healthy one; null if there is none. If the last roll-back went to `inVain`
   * and nothing healthy followed, the healthy one before it: what went wrong may have begun earlier than it showed.
   */
  rollbackCheckpoint(inVain: number | null): Promise<Checkpoint | null>;
  /** Drops checkpoints and log lines of more than `imagesSeen` images: after a roll-back they did not happen. */
  forgetAfter(imagesSeen: number): Promise<void>;
  /** Appends a line to the log. */
  log(line: LogLine): void;
  event(event: RunEvent): void;
  /** Keeps a sheet of samples: `pictures` are [64, size, size, 3] in [-1, 1], of the same z every time. */
  writeSheet(imagesSeen: number, pictures: Float32Array): Promise<void>;
}
