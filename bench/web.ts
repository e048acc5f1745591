/** @module `pnpm bench web`: what the gallery costs a visitor, in Chromium. */
import { type Bytes, measureGallery } from '../packages/web/bench/measure.ts';
import { markdownTable } from './markdown.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';

const kilobytes = ({ bytes, gzipped }: Bytes) =>
  `${(bytes / 1000).toFixed(0)} kB, ${(gzipped / 1000).toFixed(0)} kB gzipped`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

export async function benchWeb(): Promise<Section> {
  const { model, browser, firstDog, pace, frames, weight, memory } = await measureGallery();
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
    ['the page: HTML, CSS and scripts, all parts but the film writer', kilobytes(weight.page)],
    ['the film writer, loaded when a film is saved', kilobytes(weight.film)],
    ['ONNX Runtime for WebAssembly', kilobytes(weight.runtime)],
    ['the model', kilobytes(weight.model)],
    ["memory of the page's process: window full of dogs", megabytes(memory.before)],
    [`the same after ${memory.dogs} dogs (dogs in the document)`, `${megabytes(memory.after)} (${memory.tiles})`],
  ];
  const text = `## The gallery

Headless Chromium, localhost, model ${model.name} (${model.size}x${model.size}, ${megabytes(model.bytes)}).

${markdownTable(['measured', 'result'], rows)}`;
  return { text, versions: [`Chromium ${browser}`] };
}
