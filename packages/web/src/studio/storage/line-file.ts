/** @module A `.jsonl` file that grows a line at a time. A last line that a kill left incomplete is dropped. */
import { type Folder, writeAll } from './folder.ts';

const NEWLINE = 10;

export class LineFile<Line extends object> {
  readonly #access: FileSystemSyncAccessHandle;
  /** Bytes of complete lines. */
  #length: number;
  #lines: Line[];

  private constructor(access: FileSystemSyncAccessHandle, lines: Line[], length: number) {
    this.#access = access;
    this.#lines = lines;
    this.#length = length;
  }

  /** Nobody else can open the file until `close`. */
  static async open<Line extends object>(folder: Folder, name: string): Promise<LineFile<Line>> {
    const access = await folder.access(name);
    const bytes = new Uint8Array(access.getSize());
    access.read(bytes, { at: 0 });
    const complete = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    access.truncate(complete.length);
    return new LineFile(access, parseLines<Line>(complete), complete.length);
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** Appends a line, which a later kill does not lose. */
  append(line: Line): void {
    this.#length += writeAll(this.#access, encoded(line), this.#length);
    this.#access.flush();
    this.#lines.push(line);
  }

  /** Drops the first line that `isDropped` accepts, and all after it. */
  truncateAt(isDropped: (line: Line) => boolean): void {
    const first = this.#lines.findIndex(isDropped);
    if (first < 0) return;
    this.#lines = this.#lines.slice(0, first);
    this.#length = this.#lines.reduce((sum, line) => sum + encoded(line).length, 0);
    this.#access.truncate(this.#length);
    this.#access.flush();
  }

  close(): void {
    this.#access.close();
  }
}

const encoded = (line: object) => new TextEncoder().encode(`${JSON.stringify(line)}\n`);

/** The complete lines of a file. */
export function parseLines<Line>(bytes: Uint8Array): Line[] {
  const text = new TextDecoder().decode(bytes);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}
