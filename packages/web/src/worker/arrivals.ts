/** @module The progress of several downloads together, in bytes as they travel. */

interface Arrival {
  /** Decompressed, so far and in all. */
  received: number;
  bytes: number;
  /** About how many bytes travel if the server compresses. */
  compressed: number;
  isCompressed: boolean;
}

export class Arrivals {
  readonly #files: Arrival[] = [];
  readonly #onChange: (received: number, bytes: number) => void;

  constructor(onChange: (received: number, bytes: number) => void) {
    this.#onChange = onChange;
  }

  /**
   * Adds a file to the sum.
   *
   * @returns receives how much of it has arrived, decompressed, and whether the server compressed it
   */
  expect({
    bytes,
    compressed,
  }: Pick<Arrival, 'bytes' | 'compressed'>): (received: number, isCompressed: boolean) => void {
    const file: Arrival = { received: 0, bytes, compressed, isCompressed: false };
    this.#files.push(file);
    return (received, isCompressed) => {
      Object.assign(file, { received, isCompressed });
      let [sum, all] = [0, 0];
      for (const each of this.#files) {
        const travels = each.isCompressed ? each.compressed : each.bytes;
        all += travels;
        sum += (each.received / each.bytes) * travels;
      }
      this.#onChange(Math.round(sum), all);
    };
  }
}
