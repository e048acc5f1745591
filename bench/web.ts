/** @module `pnpm bench web`: what the gallery costs a visitor, in Chromium. */
import { fileURLToPath } from 'node:url';
import { type Bytes, measureGallery } from '../packages/web/bench/measure.ts';
import { markdownTable } from './markdown.ts';
import { NodeProcess } from './process.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';
import type { StepBackend, StepsTaken } from './training-step.worker.ts';

const kilobytes = ({ bytes, gzipped }: Bytes) =>
  `${(bytes / 1000).toFixed(0)} kB, ${(gzipped / 1000).toFixed(0)} kB gzipped`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const speed = ({ imagesPerSecond, imagesPerCpuSecond }: Speed) =>
  `${imagesPerSecond.toFixed(0)}, ${imagesPerCpuSecond.toFixed(0)}`;

const STEPS = 20;
const ROUNDS = 3;

interface Speed {
  imagesPerSecond: number;
  imagesPerCpuSecond: number;
}

/** Training steps of the `dogs` preset on onnxruntime-node. */
async function nodeTraining(threads: number, batch: number): Promise<Speed> {
  const script = fileURLToPath(new URL('training-step.worker.ts', import.meta.url));
  const backend = `gemm-${threads}` as StepBackend;
  const worker = await NodeProcess.start(script, 'dogs', backend, JSON.stringify({ batch }));
  try {
    const rounds: StepsTaken[] = [];
    // The first round warms up.
    for (let i = 0; i <= ROUNDS; i++) {
      const round = await worker.ask<StepsTaken>(STEPS);
      if (i > 0) rounds.push(round);
    }
    return {
      imagesPerSecond: median(rounds.map(({ seconds }) => (STEPS * batch) / seconds)),
      imagesPerCpuSecond: median(rounds.map((round) => (STEPS * batch) / round.cpuSeconds)),
    };
  } finally {
    worker.stop();
  }
}

export async function benchWeb(): Promise<Section> {
  const { model, browser, firstDog, pace, frames, weight, memory, studio } = await measureGallery();
  const rows = [
    [
      `first dog on screen, nothing cached, median of ${firstDog.length} visits (least)`,
      `${median(firstDog).toFixed(0)} ms (${Math.min(...firstDog).toFixed(0)} ms)`,
    ],
    ['a dog, WebAssembly with threads', pace.threads],
    ['a dog, WebAssembly without the isolating headers', pace.single],
    ["a dog, WebGPU (Chromium's adapter in software: not a figure for a graphics processor)", pace.webgpu],
    [
      'pictures a second while a walk of two plays (frames of the display)',
      `${frames.stage.toFixed(0)} (${frames.display.toFixed(0)})`,
    ],
    ['the page: HTML, CSS and scripts, all parts but the film writer and the Studio', kilobytes(weight.page)],
    ['the Studio, loaded when it is opened', kilobytes(weight.studio)],
    ['the film writer, loaded when a film is saved', kilobytes(weight.film)],
    ['ONNX Runtime for WebAssembly', kilobytes(weight.runtime)],
    ['the model', kilobytes(weight.model)],
    ["memory of the page's process: window full of dogs", megabytes(memory.before)],
    [`the same after ${memory.dogs} dogs (dogs in the document)`, `${megabytes(memory.after)} (${memory.tiles})`],
  ];
  const trainings: string[][] = [];
  for (const { threads, batch, firstStep, peakMemory, ...page } of studio) {
    const native = await nodeTraining(threads, batch);
    trainings.push([
      ...[String(threads), String(batch), speed(page), speed(native)],
      (page.imagesPerSecond / native.imagesPerSecond).toFixed(2),
      (page.imagesPerCpuSecond / native.imagesPerCpuSecond).toFixed(2),
      `${(firstStep / 1000).toFixed(1)} s`,
      megabytes(peakMemory),
    ]);
  }
  const text = `## The gallery

Headless Chromium, localhost, model ${model.name} (${model.size}x${model.size}, ${megabytes(model.bytes)}).

${markdownTable(['measured', 'result'], rows)}

### Training in the page

The \`dogs\` preset at 64x64 from random weights, on the same cores one after another. In the page, the pictures that it shows are included; onnxruntime-node takes
bare training steps. Images a second of CPU time do not depend on what else runs.

${markdownTable(['threads', 'batch', 'page: images/s, images/CPU s', 'onnxruntime-node', 'ratio of images/s', 'ratio of images/CPU s', 'first step after Start', 'peak memory of the page'], trainings)}`;
  return { text, versions: [`Chromium ${browser}`] };
}
