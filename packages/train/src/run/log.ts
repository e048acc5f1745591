/** @module `log.jsonl` (one line a tick) and `events.jsonl` (what happened when), appended to and read back. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine, RunEvent } from '@latent-dogs/dcgan';
import { writeFileAtomically } from '@latent-dogs/files';

/** Appends to a `.jsonl` file. A line that a kill cut off is removed on opening. */
export class LineWriter<Line extends object> {
  readonly #file: number;

  constructor(path: string) {
    removeTornLine(path);
    this.#file = openSync(path, 'a');
  }

  /** Written before this returns, so a kill afterwards loses nothing. */
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
 * Removes the log lines of more than `imagesSeen` images and returns them. Training that goes on from there writes
 * them again, so that the log is that of a run which was never interrupted. No writer may be open.
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

/** The whole lines of a `.jsonl` file; none where it doesn't exist. */
export async function readLines<Line>(path: string): Promise<Line[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const whole = text.split('\n').slice(0, -1);
  return whole.flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

function removeTornLine(path: string): void {
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
