/** @module Reads and writes `log.jsonl` (one line per tick) and `events.jsonl`. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, RunEvent } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';

/** Appends to a `.jsonl` file. Opening removes a last line that a kill left incomplete. */
export class LineWriter<Line extends object> {
  readonly #file: number;

  constructor(path: string) {
    removeIncompleteLine(path);
    this.#file = openSync(path, 'a');
  }

  /** Writes synchronously, so a later kill loses nothing. */
  append(...lines: Line[]): void {
    appendFileSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  close(): void {
    closeSync(this.#file);
  }
}

export function openLog(runFolder: string): LineWriter<LogLine> {
  return new LineWriter<LogLine>(join(runFolder, 'log.jsonl'));
}

export function openEvents(runFolder: string): LineWriter<RunEvent> {
  return new LineWriter<RunEvent>(join(runFolder, 'events.jsonl'));
}

export async function readLog(runFolder: string): Promise<LogLine[]> {
  return readLines<LogLine>(join(runFolder, 'log.jsonl'));
}

export async function readEvents(runFolder: string): Promise<RunEvent[]> {
  return readLines<RunEvent>(join(runFolder, 'events.jsonl'));
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

/** The complete lines of a `.jsonl` file; none if it doesn't exist. */
export async function readLines<Line>(path: string): Promise<Line[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const complete = text.split('\n').slice(0, -1);
  return complete.flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
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
