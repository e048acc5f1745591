/** @module Reads and writes `log.jsonl` (one line per tick) and `events.jsonl`. */
import { appendFileSync, closeSync, fstatSync, ftruncateSync, openSync, readSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, RunEvent } from '@latent-dogs/dcgan';
import { isDiskFull, named, writeFileAtomically } from '@latent-dogs/files';

/** Appends to a `.jsonl` file. Opening removes a last line that a kill left incomplete. */
export class LineWriter<Line extends object> {
  readonly #path: string;
  #file: number | null;
  /** Lines for which there was no room on the disk. */
  #waiting = '';

  constructor(path: string) {
    this.#path = path;
    try {
      removeIncompleteLine(path);
      this.#file = openSync(path, 'a');
    } catch (error) {
      throw named(error, path);
    }
  }

  /** Writes synchronously, so a later kill loses nothing. On a full disk the lines wait for `flush`. */
  append(...lines: Line[]): void {
    this.#waiting += lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    try {
      this.flush();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  /** Writes the lines that wait. @throws the system's error */
  flush(): void {
    if (this.#file === null || this.#waiting === '') return;
    const { size } = fstatSync(this.#file);
    try {
      appendFileSync(this.#file, this.#waiting);
      this.#waiting = '';
    } catch (error) {
      // A part of them may have been written.
      ftruncateSync(this.#file, size);
      throw named(error, this.#path);
    }
  }

  /** @throws the system's error if lines wait for which there is no room */
  close(): void {
    if (this.#file === null) return;
    this.flush();
    closeSync(this.#file);
    this.#file = null;
  }
}

export function openLog(runFolder: string): LineWriter<LogLine> {
  return new LineWriter<LogLine>(join(runFolder, 'log.jsonl'));
}

export function openEvents(runFolder: string): LineWriter<RunEvent> {
  return new LineWriter<RunEvent>(join(runFolder, 'events.jsonl'));
}

export async function readLog(runFolder: string): Promise<LogLine[]> {
  return readLines<LogLine>(join(runFolder, 'log.jsonl'), ({ imagesSeen }) => Number.isFinite(imagesSeen));
}

export async function readEvents(runFolder: string): Promise<RunEvent[]> {
  return readLines<RunEvent>(
    join(runFolder, 'events.jsonl'),
    ({ time, event, message, imagesSeen }) =>
      [time, event, message].every((text) => typeof text === 'string') && Number.isFinite(imagesSeen),
  );
}

/**
 * Removes the log lines of more than `imagesSeen` images and returns them. A resume writes them again, so that the log equals
 * that of an uninterrupted run. No writer may be open.
 */
export async function truncateLog(runFolder: string, imagesSeen: number): Promise<LogLine[]> {
  const lines = await readLog(runFolder);
  const kept = lines.filter((line) => line.imagesSeen <= imagesSeen);
  if (kept.length < lines.length) {
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeFileAtomically(join(runFolder, 'log.jsonl'), text);
  }
  return lines.filter((line) => line.imagesSeen > imagesSeen);
}

/** The complete lines of a `.jsonl` file that are objects and legal; none if it doesn't exist. */
export async function readLines<Line extends object>(
  path: string,
  isLegal: (line: Partial<Line>) => boolean,
): Promise<Line[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw named(error, path);
  }
  const complete = text.split('\n').slice(0, -1);
  return complete.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      const isObject = typeof value === 'object' && value !== null;
      return isObject && isLegal(value as Partial<Line>) ? [value as Line] : [];
    } catch {
      return [];
    }
  });
}

function removeIncompleteLine(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    let end = size;
    const tail = Buffer.alloc(64 * 1024);
    while (end > 0) {
      const start = Math.max(0, end - tail.length);
      const newline = tail.subarray(0, readSync(file, tail, 0, end - start, start)).lastIndexOf('\n');
      end = newline < 0 ? start : start + newline + 1;
      if (newline >= 0) break;
    }
    if (end < size) truncateSync(path, end);
  } finally {
    closeSync(file);
  }
}
