/** @module How the cost of a training step grows with batch, size and channels. */
import { join } from 'node:path';
import { type Config, presetConfig } from '@latent-dogs/dcgan';
import { gigabytes, markdownTable, withSpread } from './markdown.ts';
import type { BenchOptions } from './options.ts';
import { NodeProcess } from './process.ts';
import { median, pairedRatio } from './statistics.ts';
import type { StepsTaken } from './training-step.worker.ts';
import { takeTurns } from './turns.ts';

type Shape = Pick<Config, 'batch' | 'size' | 'channels'>;

const BASE = presetConfig('dogs', 'photos');

const GROWTH: readonly Partial<Shape>[] = [
  ...[16, 64, 128, 256].map((batch) => ({ batch })),
  { size: 128 },
  ...[24, 64, 128].map((channels) => ({ channels })),
];
/** What takes a minute or more a turn on two cores. */
const LARGEST: readonly Partial<Shape>[] = [
  { size: 128, channels: 64 },
  { size: 128, channels: 128 },
];

/** Markdown. One pair of processes at a time, so that the largest has the memory for itself. */
export async function measureGrowth({ full, rounds }: Pick<BenchOptions, 'full' | 'rounds'>): Promise<string> {
  const rows: string[][] = [];
  for (const change of full ? [...GROWTH, ...LARGEST] : GROWTH) rows.push(await measureShape(change, rounds));
  const { batch, size, channels } = BASE;
  return `How the cost grows: one setting of \`dogs\` (batch ${batch}, size ${size}, ${channels} channels) is changed at a time. The step as it was and the changed one take
turns of one step, ${rounds} rounds.

${markdownTable(['changed to', 'images/s', 'CPU ms an image', 'time of an image against the unchanged step (least to most)', 'peak memory'], rows)}`;
}

async function measureShape(change: Partial<Shape>, rounds: number): Promise<string[]> {
  const changed = { ...BASE, ...change };
  const [base, other] = await takeTurns([step({}), step(change)], rounds);
  const name = Object.entries(change)
    .map(([setting, value]) => `${setting} ${value}`)
    .join(', ');
  if (base!.problem !== null) throw new Error(`the step of dogs does not run: ${base!.problem}`);
  if (other!.problem !== null) return [name, `not run: ${other!.problem}`, '', '', ''];
  const perImage = (turns: readonly StepsTaken[], batch: number) => turns.map(({ seconds }) => seconds / batch);
  const times = perImage(other!.turns, changed.batch);
  return [
    name,
    median(times.map((time) => 1 / time)).toFixed(1),
    median(other!.turns.map(({ cpuSeconds }) => (1000 * cpuSeconds) / changed.batch)).toFixed(1),
    withSpread(pairedRatio(times, perImage(base!.turns, BASE.batch)), 2),
    gigabytes(other!.turns.at(-1)!.peakMemory),
  ];
}

const step = (change: Partial<Shape>) => ({
  name: JSON.stringify(change),
  start: async () => {
    const script = join(import.meta.dirname, 'training-step.worker.ts');
    const worker = await NodeProcess.start(script, 'dogs', 'gemm', JSON.stringify(change));
    await worker.ask<StepsTaken>(1);
    return { turn: () => worker.ask<StepsTaken>(1), stop: () => worker.stop() };
  },
});
