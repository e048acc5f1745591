/** @module The interface to the storage of a run. On Node it is a run folder; in a browser it can be the origin private file system. */

import type { Tensor } from '../step/state.ts';
import type { LogLine, RunEvent } from './log-line.ts';

export interface Checkpoint {
  imagesSeen: number;
  /** Whether the guard saw no symptom: the guard may roll back to it. */
  healthy: boolean;
  /** Weights and optimiser state. Must not change during a write. */
  tensors: Record<string, Tensor>;
  /**
   * Everything else that the next step depends on (random generators, data order, guard). JSON-safe. Empty if no step was taken
   * yet: training then begins with these tensors.
   */
  state: Record<string, unknown>;
}

export interface RunStore {
  /** Writes atomically. A store may drop old checkpoints, but never the newest healthy one, nor the one with the best evaluation. */
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * The checkpoint to roll back to: the newest healthy one, or null if there is none. If that is the one that the last
   * roll-back restored (at `lastRollback` images), the healthy one before it: the failure may have begun before its symptoms.
   */
  rollbackCheckpoint(lastRollback: number | null): Promise<Checkpoint | null>;
  /** Drops checkpoints and log lines of more than `imagesSeen` images, after a roll-back. */
  truncateAfter(imagesSeen: number): Promise<void>;
  /** Appends a line to the log. */
  log(line: LogLine): void;
  /** Appends an event. */
  event(event: RunEvent): void;
  /** Stores a sheet of samples: `pictures` are [64, size, size, 3] in [-1, 1], for the same z every time. */
  writeSheet(imagesSeen: number, pictures: Float32Array): Promise<void>;
}
