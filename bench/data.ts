/** @module `pnpm bench data`: decoding photos. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import type { Decoded, DecodeTask } from './data.worker.ts';
import { markdownTable, wholeMegabytes, withSpread } from './markdown.ts';
import type { BenchOptions } from './options.ts';
import { writePhotos } from './photos.ts';
import { NodeProcess } from './process.ts';
import type { Section } from './section.ts';
import { median, spread } from './statistics.ts';
import { takeTurns } from './turns.ts';

interface Case {
  count: number;
  width: number;
  height: number;
  different: number;
  /** Side of the decoded squares. */
  size: number;
}

const SMALL = { width: 128, height: 128, different: 500, size: 64 };
/** 12 megapixels, as telephones take them. */
const LARGE = { width: 4000, height: 3000, different: 8, size: 64 };

const CASES: readonly Case[] = [
  { ...SMALL, count: 1000 },
  { ...SMALL, count: 12_500 },
  { ...SMALL, count: 12_500, size: 128 },
  { ...LARGE, count: 50 },
  { ...LARGE, count: 200 },
];
const LARGEST: Case = { ...SMALL, count: 100_000 };

export async function benchData({ full, rounds }: BenchOptions): Promise<Section> {
  const root = await mkdtemp(join(tmpdir(), 'latent-dogs-bench-'));
  try {
    const rows: string[][] = [];
    for (const one of full ? [...CASES, LARGEST] : CASES) rows.push(await measureCase(root, one, rounds));
    const text = `## Decoding photos

Photos on disk to cropped and scaled squares in the cache of \`pnpm train\`, hashes included; the files are drawn dogs with noise, in the page cache of
the system. Each row is a process of its own that decodes its folder ${rounds} times.

${markdownTable(['photos', 'JPEG', 'to', 'photos/s (least to most)', 'CPU ms a photo', 'peak memory'], rows)}`;
    return { text, versions: [] };
  } finally {
    await rm(root, { recursive: true });
  }
}

async function measureCase(
  root: string,
  { count, width, height, different, size }: Case,
  rounds: number,
): Promise<string[]> {
  const folder = join(root, `${count}-${width}x${height}`);
  const bytes = await writePhotos({ folder, width, height, count, different });
  const task: DecodeTask = { folder, size, cacheDir: join(root, 'cache') };
  const start = async () => {
    const worker = await NodeProcess.start(join(import.meta.dirname, 'data.worker.ts'));
    return { turn: () => worker.ask<Decoded>(task), stop: () => worker.stop() };
  };
  const [outcome] = await takeTurns([{ name: 'decoding', start }], rounds);
  await rm(folder, { recursive: true });
  const { turns, problem } = outcome!;
  if (problem !== null) throw new Error(`decoding failed: ${problem}`);
  const wrong = turns.find((turn) => turn.count !== count);
  if (wrong) throw new Error(`${wrong.count} of ${count} photos were decoded`);
  return [
    grouped(count),
    `${width}x${height}, ${grouped(Math.round(bytes / 1000))} kB`,
    `${size}x${size}`,
    withSpread(spread(turns.map(({ seconds }) => count / seconds)), 0),
    median(turns.map(({ cpuSeconds }) => (1000 * cpuSeconds) / count)).toFixed(2),
    wholeMegabytes(turns.at(-1)!.peakMemory),
  ];
}
