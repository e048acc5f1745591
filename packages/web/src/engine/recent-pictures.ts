/** @module A cache of the latest pictures, limited in size, so that scrolling back costs nothing. */
import type { Pixels } from './dog-maker.ts';

export class RecentPictures {
  readonly #limit: number;
  readonly #pictures = new Map<string, Pixels>();

  /** @param limit the number of pictures to keep */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Pixels | undefined {
    const pixels = this.#pictures.get(key);
    if (pixels) this.set(key, pixels);
    return pixels;
  }

  set(key: string, pixels: Pixels): void {
    this.#pictures.delete(key);
    this.#pictures.set(key, pixels);
    if (this.#pictures.size > this.#limit) this.#pictures.delete(this.#pictures.keys().next().value!);
  }

  clear(): void {
    this.#pictures.clear();
  }

  get size(): number {
    return this.#pictures.size;
  }
}
