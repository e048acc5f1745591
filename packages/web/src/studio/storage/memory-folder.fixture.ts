/** A folder in memory that a test can kill at any operation, with a half-written file. */
import type { Folder } from './folder.ts';

export class Killed extends Error {}

type Entry = Uint8Array<ArrayBuffer> | MemoryFolder;

/** The operations that are left before the kill; all folders of a test share it. */
export interface Life {
  left: number;
}

export class MemoryFolder implements Pick<Folder, 'folder' | 'names' | 'write' | 'read' | 'remove'> {
  readonly #entries = new Map<string, Entry>();
  readonly #life: Life;

  constructor(life: Life) {
    this.#life = life;
  }

  asFolder(): Folder {
    return this as unknown as Folder;
  }

  async folder(name: string): Promise<Folder> {
    if (!this.#entries.has(name)) {
      this.#spend();
      this.#entries.set(name, new MemoryFolder(this.#life));
    }
    return (this.#entries.get(name) as MemoryFolder).asFolder();
  }

  async names(): Promise<string[]> {
    return [...this.#entries.keys()].sort();
  }

  async write(name: string, ...pieces: readonly Uint8Array[]): Promise<void> {
    const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
    this.#spend();
    this.#entries.set(name, whole.slice(0, Math.floor(whole.length / 2)));
    this.#spend();
    this.#entries.set(name, whole);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return (this.#entries.get(name) as Uint8Array<ArrayBuffer> | undefined) ?? null;
  }

  /** A folder's entries go one by one, in an order that nobody promised, so that a kill leaves some of them. */
  async remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    if (entry instanceof MemoryFolder) for (const inside of (await entry.names()).reverse()) await entry.remove(inside);
    this.#spend();
    this.#entries.delete(name);
  }

  #spend(): void {
    if (this.#life.left === 0) throw new Killed();
    this.#life.left--;
  }
}
