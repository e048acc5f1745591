/** @module `pnpm bench train`: the training step of two presets, beside other ways to compute it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { presetConfig } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { gigabytes, markdownTable, withSpread } from './markdown.ts';
import type { BenchOptions } from './options.ts';
import { findPython } from './peers/python.ts';
import { LineProcess, NodeProcess } from './process.ts';
import type { Section } from './section.ts';
import { median, pairedRatio } from './statistics.ts';
import { measureGrowth } from './train-growth.ts';
import type { StepBackend, StepsTaken } from './training-step.worker.ts';
import { type Contestant, type Outcome, takeTurns } from './turns.ts';

type Preset = 'paper' | 'dogs';

const WORKER = 'training-step.worker.ts';
const PYTORCH = join(import.meta.dirname, 'peers', 'pytorch_dcgan.py');
const STEPS = 2;
const OURS = 'latent-dogs';

export async function benchTrain({ python, against, full, rounds }: BenchOptions): Promise<Section> {
  if (against !== null && !existsSync(join(against, 'bench', WORKER)))
    throw new UserError(
      `--against: '${against}' is not a folder of this repository, or of a version without ${WORKER}`,
    );
  const versions: string[] = [];
  const pytorch = (name: string, ...flags: string[]): Contestant<StepsTaken> => ({
    name,
    start: () => startPytorch(python, flags, versions),
  });
  const older = (preset: Preset): Contestant<StepsTaken>[] =>
    against === null ? [] : [node('the version of --against', preset, 'gemm', join(against, 'bench'))];
  const paper = await takeTurns(
    [
      node(OURS, 'paper', 'gemm'),
      ...older('paper'),
      pytorch('PyTorch, eager'),
      pytorch('PyTorch, eager, channels-last', '--channels-last'),
      pytorch('PyTorch, `torch.compile`', '--compile'),
      pytorch('PyTorch, `torch.compile`, channels-last', '--compile', '--channels-last'),
      node('TensorFlow.js on TensorFlow', 'paper', 'tensorflow'),
      node(`${OURS}, ONNX's own convolutions`, 'paper', 'conv'),
    ],
    rounds,
  );
  const dogs = await takeTurns(
    [
      node(OURS, 'dogs', 'gemm'),
      ...older('dogs'),
      node('TensorFlow.js on TensorFlow', 'dogs', 'tensorflow'),
      node(`${OURS}, ONNX's own convolutions`, 'dogs', 'conv'),
      node('onnxruntime-web in Node, one thread', 'dogs', 'wasm-1'),
      node('onnxruntime-web in Node, two threads', 'dogs', 'wasm-2'),
    ],
    rounds,
  );
  const text = `## Training step on the CPU

One whole step at size 64: D on photos and on fakes, G, both Adams. Each row is a process; the processes take turns of ${STEPS} steps,
${rounds} rounds. Images/s and CPU time are medians. The ratio is the time of the row divided by that of ${OURS} in the same round: above 1, ${OURS} is faster. PyTorch's step is that of pytorch/examples' DCGAN with the same shapes.

${stepTable('paper', paper)}

${stepTable('dogs', dogs)}

${await measureGrowth({ full, rounds })}`;
  return { text, versions };
}

function node(
  name: string,
  preset: Preset,
  backend: StepBackend,
  folder = import.meta.dirname,
): Contestant<StepsTaken> {
  return {
    name,
    start: async () => {
      const worker = await NodeProcess.start(join(folder, WORKER), preset, backend);
      // The first step allocates memory.
      await worker.ask<StepsTaken>(1);
      return { turn: () => worker.ask<StepsTaken>(STEPS), stop: () => worker.stop() };
    },
  };
}

async function startPytorch(given: string | null, flags: readonly string[], versions: string[]) {
  const { path, versions: found } = await findPython(given, ['torch']);
  const { channels, batch, latent } = presetConfig('paper', 'photos');
  const shape = ['--channels', channels, '--batch', batch, '--latent', latent, '--device', 'cpu'].map(String);
  const worker = await LineProcess.start(path, [PYTORCH, ...shape, ...flags]);
  const name = `PyTorch ${found['torch']}`;
  if (!versions.includes(name)) versions.push(name);
  return { turn: () => worker.ask<StepsTaken>({ steps: STEPS }), stop: () => worker.stop() };
}

function stepTable(preset: Preset, outcomes: readonly Outcome<StepsTaken>[]): string {
  const { channels, batch } = presetConfig(preset, 'photos');
  const seconds = ({ turns }: Outcome<StepsTaken>) => turns.map((turn) => turn.seconds);
  const ours = outcomes[0]!;
  if (ours.problem !== null) throw new Error(`the step of ${preset} does not run: ${ours.problem}`);
  const rows = outcomes.map((outcome) => {
    const { name, turns, problem } = outcome;
    if (problem !== null) return [name, `not run: ${problem}`, '', '', ''];
    return [
      name,
      median(seconds(outcome).map((time) => (STEPS * batch) / time)).toFixed(1),
      median(turns.map(({ cpuSeconds }) => cpuSeconds / STEPS)).toFixed(2),
      outcome === ours ? '' : withSpread(pairedRatio(seconds(outcome), seconds(ours)), 2),
      gigabytes(turns.at(-1)!.peakMemory),
    ];
  });
  const title = `\`${preset}\`: ${channels} channels, batch ${batch}`;
  return markdownTable(
    [title, 'images/s', 'CPU s/step', `${OURS} is so many times as fast (least to most)`, 'peak memory'],
    rows,
  );
}
