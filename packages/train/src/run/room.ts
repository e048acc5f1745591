/** @module A full disk is no reason to lose a training: it waits until there is room again. */
import { statfs } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isDiskFull, systemErrorText } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** Milliseconds between looks at the disk, and looks after which writing is tried anyway: a quota does not show as free space. */
const PAUSE = 1_000;
const LOOKS = 30;

interface RoomOptions {
  /** A folder on the disk. */
  folder: string;
  /** Prints a message. */
  say: (message: string) => void;
  /** Whether the user wants to stop. */
  shouldStop: () => boolean;
  /** Waits between two looks. */
  pause?: () => Promise<unknown>;
}

export class Room {
  readonly #folder: string;
  readonly #say: (message: string) => void;
  readonly #shouldStop: () => boolean;
  readonly #pause: () => Promise<unknown>;

  constructor({ folder, say, shouldStop, pause = () => setTimeout(PAUSE) }: RoomOptions) {
    this.#folder = folder;
    this.#say = say;
    this.#shouldStop = shouldStop;
    this.#pause = pause;
  }

  /**
   * The result of `write`, which is called again whenever the disk was full and there is more room.
   *
   * @throws UserError if the user stops meanwhile
   */
  async for<Result>(write: () => Promise<Result>): Promise<Result> {
    let waited = false;
    for (;;) {
      try {
        const result = await write();
        if (waited) this.#say('There is room on the disk again: training goes on.');
        return result;
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        const problem = systemErrorText(error) ?? 'the disk is full: free some space';
        if (!waited)
          this.#say(`${problem}. Training waits, and goes on by itself once there is room (Ctrl-C stops it).`);
        waited = true;
        await this.#moreRoom(problem);
      }
    }
  }

  async #moreRoom(problem: string): Promise<void> {
    const before = await this.#free();
    for (let look = 0; look < LOOKS; look++) {
      await this.#pause();
      if (this.#shouldStop()) throw new UserError(`${problem}. Stopped; the last whole checkpoint is kept`);
      if ((await this.#free()) > before) return;
    }
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }
}
