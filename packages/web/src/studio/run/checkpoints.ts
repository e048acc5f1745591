/**
 * @module Checkpoints in the browser's file system, with the files that a run folder has on Node.
 *
 * Folders cannot be renamed there, so a checkpoint is written in a new folder, `<images seen>-<number>`, its manifest last. A
 * folder without a manifest is unfinished and is removed. So a kill at any moment leaves the checkpoint before.
 */
import {
  type Checkpoint,
  type CheckpointManifest,
  checkCheckpointFile,
  checkpointFrom,
  checkpointName,
  damaged,
  joined,
  jsonBytes,
  MANIFEST_FILE,
  parseCheckpointManifest,
  STATE_FILE,
  safetensorsPieces,
  WEIGHTS_FILE,
} from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { hexDigest } from '../storage/digest.ts';
import type { Folder } from '../storage/folder.ts';

/** Healthy checkpoints that are kept, so that the guard can go further back if a roll-back did not help. */
const KEPT_HEALTHY = 2;

interface Place {
  folder: string;
  imagesSeen: number;
  healthy: boolean;
}

export class Checkpoints {
  readonly #folder: Folder;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** Writes a checkpoint and removes those that are no longer needed. */
  async write({ imagesSeen, healthy, tensors, state }: Checkpoint): Promise<void> {
    const name = await this.#freeName(imagesSeen);
    const folder = await this.#folder.folder(name);
    try {
      const weights = joined([...safetensorsPieces(tensors)]);
      const stateBytes = jsonBytes(state);
      await folder.write(WEIGHTS_FILE, weights);
      await folder.write(STATE_FILE, stateBytes);
      const files = { [WEIGHTS_FILE]: await described(weights), [STATE_FILE]: await described(stateBytes) };
      const manifest: CheckpointManifest = { format: 1, imagesSeen, healthy, files };
      await folder.write(MANIFEST_FILE, jsonBytes(manifest));
    } catch (error) {
      await this.#remove(name);
      throw error;
    }
    await this.#prune();
  }

  /** The newest intact checkpoint that `accept` returns true for; null if there is none. */
  async newest(
    accept: (place: Pick<Place, 'imagesSeen' | 'healthy'>) => boolean = () => true,
  ): Promise<Checkpoint | null> {
    for (const place of (await this.#places()).reverse()) {
      if (!accept(place)) continue;
      try {
        return await this.#read(place);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
    return null;
  }

  /** See `RunStore.rollbackCheckpoint`. */
  async rollback(lastRollback: number | null): Promise<Checkpoint | null> {
    const newest = await this.newest(({ healthy }) => healthy);
    if (lastRollback === null || newest === null || newest.imagesSeen > lastRollback) return newest;
    return (await this.newest((place) => place.healthy && place.imagesSeen < newest.imagesSeen)) ?? newest;
  }

  async dropAfter(imagesSeen: number): Promise<void> {
    for (const place of await this.#places()) if (place.imagesSeen > imagesSeen) await this.#remove(place.folder);
  }

  /** Removes what a kill left unfinished. */
  async clearLeftovers(): Promise<void> {
    const whole = new Set((await this.#places()).map(({ folder }) => folder));
    for (const name of await this.#folder.names()) if (!whole.has(name)) await this.#remove(name);
  }

  /** Whole checkpoints, oldest first. */
  async #places(): Promise<Place[]> {
    const places: Place[] = [];
    for (const name of await this.#folder.names()) {
      const imagesSeen = Number(name.split('-')[0]);
      try {
        places.push({ folder: name, imagesSeen, healthy: (await this.#manifest(name, imagesSeen)).healthy });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
    return places.sort((a, b) => a.imagesSeen - b.imagesSeen || numberOf(a.folder) - numberOf(b.folder));
  }

  async #manifest(name: string, imagesSeen: number): Promise<CheckpointManifest> {
    const bytes = await (await this.#folder.folder(name)).read(MANIFEST_FILE);
    if (!bytes) throw damaged(name, `${MANIFEST_FILE} is missing`);
    return parseCheckpointManifest(bytes, imagesSeen, name);
  }

  async #read({ folder: name, imagesSeen }: Place): Promise<Checkpoint> {
    const manifest = await this.#manifest(name, imagesSeen);
    const folder = await this.#folder.folder(name);
    const read = async (file: keyof CheckpointManifest['files']) => {
      const bytes = (await folder.read(file)) ?? new Uint8Array(0);
      checkCheckpointFile(manifest, file, await described(bytes), name);
      return bytes;
    };
    return checkpointFrom(manifest, await read(WEIGHTS_FILE), await read(STATE_FILE));
  }

  /** Keeps the newest, and the newest two that are healthy. */
  async #prune(): Promise<void> {
    const places = (await this.#places()).reverse();
    const healthy = places.filter((place) => place.healthy).slice(0, KEPT_HEALTHY);
    for (const [i, place] of places.entries()) if (i > 0 && !healthy.includes(place)) await this.#remove(place.folder);
  }

  /** The manifest goes first, so that a kill in between leaves no checkpoint that looks whole. */
  async #remove(name: string): Promise<void> {
    await (await this.#folder.folder(name)).remove(MANIFEST_FILE);
    await this.#folder.remove(name);
  }

  async #freeName(imagesSeen: number): Promise<string> {
    const taken = new Set(await this.#folder.names());
    for (let number = 0; ; number++) {
      const name = `${checkpointName(imagesSeen)}-${number}`;
      if (!taken.has(name)) return name;
    }
  }
}

const numberOf = (folder: string) => Number(folder.split('-')[1]);

const described = async (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: await hexDigest(bytes) });
