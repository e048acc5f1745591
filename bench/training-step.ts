/** @module Training speed of the presets on the CPU, for each way to write convolutions in ONNX. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { presetConfig } from '../packages/dcgan/src/index.ts';
import type { ConvolutionLowering } from '../packages/tfjs-onnx/src/index.ts';
import type { Answer } from './training-step.worker.ts';

const LOWERINGS: readonly ConvolutionLowering[] = ['gemm', 'conv'];
const ROUNDS = 6;
const STEPS_A_ROUND = 2;

/** The section of BENCHMARKS.md on training, as Markdown. */
export async function benchTrainingStep(): Promise<string> {
  const rows: string[] = [];
  for (const preset of ['paper', 'dogs'] as const) rows.push(...(await benchPreset(preset)));
  return `## Training step on the CPU

One whole step of a preset at size 64: D on photos and on fakes, G, both Adams. Each way to write the convolutions runs
in its own process. They take turns, ${STEPS_A_ROUND} steps each, for ${ROUNDS} rounds, so that other load on the machine slows all of them equally.
Images/s are medians. The ratio is the time of \`gemm\` divided by the time of this row in the same round, median over the rounds.

| preset | convolutions | images/s | CPU s/step | speed against \`gemm\` (least to most) | peak memory |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

async function benchPreset(preset: 'paper' | 'dogs'): Promise<string[]> {
  const { channels, batch } = presetConfig(preset, 'photos');
  const workers = new Map<ConvolutionLowering, ChildProcess>();
  const answers = new Map<ConvolutionLowering, Answer[]>();
  try {
    for (const lowering of LOWERINGS) {
      const worker = fork(join(import.meta.dirname, 'training-step.worker.ts'), [preset, lowering]);
      workers.set(lowering, worker);
      await once(worker, 'message');
      // The first step allocates memory: not measured.
      await ask(worker, 1);
      answers.set(lowering, []);
    }
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? LOWERINGS : LOWERINGS.toReversed();
      for (const lowering of order) answers.get(lowering)!.push(await ask(workers.get(lowering)!, STEPS_A_ROUND));
    }
  } finally {
    for (const worker of workers.values()) worker.kill();
  }
  const reference = answers.get('gemm')!;
  return LOWERINGS.map((lowering) => {
    const own = answers.get(lowering)!;
    const ratios = own.map(({ seconds }, round) => reference[round]!.seconds / seconds).sort((a, b) => a - b);
    const speed = median(own.map(({ seconds }) => (STEPS_A_ROUND * batch) / seconds));
    const cpu = median(own.map(({ cpuSeconds }) => cpuSeconds / STEPS_A_ROUND));
    const spread = `${median(ratios).toFixed(2)} (${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)})`;
    const memory = `${(own.at(-1)!.peakMemory / 1e9).toFixed(2)} GB`;
    const name = `${preset} (${channels} channels, batch ${batch})`;
    return `| ${name} | \`${lowering}\` | ${speed.toFixed(1)} | ${cpu.toFixed(2)} | ${spread} | ${memory} |`;
  });
}

async function ask(worker: ChildProcess, steps: number): Promise<Answer> {
  worker.send(steps);
  const [answer] = (await once(worker, 'message')) as [Answer];
  return answer;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
