/** @module `pnpm bench export`: writing a generator's ONNX file, and running it natively and in WebAssembly. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  averagedGenerator,
  encodeGenerator,
  foldGenerator,
  generatorGraph,
  initialState,
  presetConfig,
  stateDefinitions,
} from '@latent-dogs/dcgan';
import { NormalStream } from '@latent-dogs/latent';
import type { WeightPrecision } from '@latent-dogs/tfjs-onnx';
import type { Generated, GenerateTask } from './generator.worker.ts';
import { markdownTable, withSpread } from './markdown.ts';
import type { BenchOptions } from './options.ts';
import { NodeProcess } from './process.ts';
import type { Section } from './section.ts';
import { median, pairedRatio, spread } from './statistics.ts';
import { type Contestant, takeTurns } from './turns.ts';

interface Exported {
  name: string;
  file: string;
  latent: number;
}

const RUNS = 30;
/** V8 takes about a hundred runs to optimise ONNX Runtime's WebAssembly. */
const WARM_UP = 150;
const BATCHES = [1, 4, 16, 64];

export async function benchExport({ rounds }: BenchOptions): Promise<Section> {
  const root = await mkdtemp(join(tmpdir(), 'latent-dogs-bench-'));
  try {
    const files: string[][] = [];
    const write = async (preset: 'dogs' | 'paper', precision: WeightPrecision): Promise<Exported> => {
      const { row, exported } = await exportGenerator(root, preset, precision);
      files.push(row);
      return exported;
    };
    const fp32 = await write('dogs', 'fp32');
    const dogs = await write('dogs', 'fp16');
    const int8 = await write('dogs', 'int8');
    const paper = await write('paper', 'fp16');
    const text = `## Exported generators

Generators of the presets at 64x64 with random weights. Pictures are made one at a time, by one process each; the processes take turns of ${RUNS}
pictures, ${rounds} rounds. The last column is the row's time divided by that of the first row in the same round.

${markdownTable(['generator', 'weights stored as', 'size', 'seconds to fold and write, median'], files)}

${await runtimeTable(dogs, rounds)}

${await runtimeTable(paper, rounds)}

${await precisionTable([fp32, dogs, int8], rounds)}

How the cost of a picture grows with the number of pictures in one run, in native code on all cores:

${await batchTable(dogs, rounds)}`;
    return { text, versions: [] };
  } finally {
    await rm(root, { recursive: true });
  }
}

async function exportGenerator(root: string, preset: 'dogs' | 'paper', precision: WeightPrecision) {
  const config = presetConfig(preset, 'photos');
  const definitions = stateDefinitions(config);
  const values = initialState(definitions, new NormalStream(1));
  const tensors = Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => [name, { shape: [...shape], data: values[name]! }]),
  );
  const seconds: number[] = [];
  let onnx!: Uint8Array;
  for (let round = 0; round < 3; round++) {
    const started = performance.now();
    const generator = foldGenerator(config, averagedGenerator(config, tensors));
    onnx = encodeGenerator(generatorGraph(generator, precision));
    seconds.push((performance.now() - started) / 1000);
  }
  const file = join(root, `${preset}-${precision}.onnx`);
  await writeFile(file, onnx);
  const name = `\`${preset}\`, ${config.channels} channels`;
  return {
    row: [name, precision, `${(onnx.length / 1e6).toFixed(2)} MB`, median(seconds).toFixed(2)],
    exported: { name: `${name}, ${precision}`, file, latent: config.latent },
  };
}

function contestant(name: string, model: Exported, runtime: 'native' | 'wasm', threads: number, batch = 1) {
  const task: GenerateTask = { latent: model.latent, batch, runs: Math.ceil(RUNS / batch) };
  return {
    name,
    start: async () => {
      const script = join(import.meta.dirname, 'generator.worker.ts');
      const worker = await NodeProcess.start(script, model.file, runtime, String(threads));
      await worker.ask<Generated>({ ...task, runs: Math.ceil(WARM_UP / batch) });
      return { turn: () => worker.ask<Generated>(task), stop: () => worker.stop() };
    },
  } satisfies Contestant<Generated>;
}

/** Milliseconds a picture, CPU milliseconds a picture, and the time against the first row. */
async function timeTable(
  title: string,
  contestants: readonly (Contestant<Generated> & { pictures?: number })[],
  rounds: number,
): Promise<string> {
  const outcomes = await takeTurns(contestants, rounds);
  const perPicture = (index: number, of: (turn: Generated) => number) =>
    outcomes[index]!.turns.map((turn) => (1000 * of(turn)) / (contestants[index]!.pictures ?? RUNS));
  const rows = outcomes.map(({ name, problem }, index) => {
    if (problem !== null) return [name, `not run: ${problem}`, '', ''];
    const times = perPicture(index, ({ seconds }) => seconds);
    const cpu = median(perPicture(index, ({ cpuSeconds }) => cpuSeconds)).toFixed(2);
    const first = outcomes[0]!.problem === null ? perPicture(0, ({ seconds }) => seconds) : times;
    return [name, withSpread(spread(times), 2), cpu, index === 0 ? '' : withSpread(pairedRatio(times, first), 2)];
  });
  return markdownTable([title, 'ms a picture (least to most)', 'CPU ms', 'time against the first row'], rows);
}

const runtimeTable = (model: Exported, rounds: number) =>
  timeTable(
    model.name,
    [
      contestant('onnxruntime-node, one thread', model, 'native', 1),
      contestant('onnxruntime-node, two threads', model, 'native', 2),
      contestant('onnxruntime-web in Node, one thread', model, 'wasm', 1),
      contestant('onnxruntime-web in Node, two threads', model, 'wasm', 2),
    ],
    rounds,
  );

const precisionTable = (models: readonly Exported[], rounds: number) =>
  timeTable(
    'onnxruntime-node, one thread',
    models.map((model) => contestant(model.name, model, 'native', 1)),
    rounds,
  );

const batchTable = (model: Exported, rounds: number) =>
  timeTable(
    `${model.name}: pictures in a run`,
    BATCHES.map((batch) => ({
      ...contestant(String(batch), model, 'native', availableParallelism(), batch),
      pictures: batch * Math.ceil(RUNS / batch),
    })),
    rounds,
  );
