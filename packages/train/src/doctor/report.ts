/** @module A diagnosis as text. */
import { alignedTable } from '@latent-dogs/command-line';
import { type Compute, nameOf } from '../backend/compute.ts';
import type { Diagnosis, Finding } from './diagnose.ts';
import type { Hardware } from './hardware.ts';

export function reportText({ hardware, versions, findings }: Diagnosis, shape: string): string {
  const best = findings.find(({ works }) => works);
  return [
    ...hardwareLines(hardware),
    `Node ${versions['node']}, TensorFlow.js ${versions['@tensorflow/tfjs-core']}, ONNX Runtime ${versions['onnxruntime-node']}`,
    '',
    `Steps of ${shape}:`,
    table(findings.map(row)),
    '',
    ...findings.filter(({ works }) => !works).flatMap(remedyLines),
    best
      ? `pnpm train chooses ${nameOf(best as Compute)} by default.`
      : 'No backend works: training is not possible until one of the above does.',
  ].join('\n');
}

function hardwareLines({ processor, threads, memory, nvidia, nvidiaProblem, vulkan }: Hardware): string[] {
  const lines = [`Processor  ${processor}, ${threads} threads, ${gigabytes(memory)} of memory`];
  if (nvidia) for (const card of nvidia) lines.push(`NVIDIA     ${card.name}, ${card.memory}, driver ${card.driver}`);
  else
    lines.push(
      `NVIDIA     ${nvidiaProblem ? `nvidia-smi: ${nvidiaProblem}` : 'no driver (nvidia-smi is not installed)'}`,
    );
  if (vulkan) {
    const loader = vulkan.loader ? 'libvulkan.so.1' : 'no libvulkan.so.1 (Debian, Ubuntu: apt install libvulkan1)';
    const drivers = vulkan.drivers.length > 0 ? `drivers: ${vulkan.drivers.join(', ')}` : 'no driver';
    lines.push(`Vulkan     ${loader}; ${drivers}`);
  }
  return lines;
}

function row(found: Finding): string[] {
  const { version, works, imagesPerSecond, mixedImagesPerSecond, peakMemory, problem } = found;
  const mixed = mixedImagesPerSecond === null ? '' : ` (mixed: ${speed(mixedImagesPerSecond)})`;
  return [
    nameOf(found as Compute),
    version ?? '-',
    works ? `${speed(imagesPerSecond!)} images/s${mixed}` : 'no',
    peakMemory === null ? '' : gigabytes(peakMemory),
    problem ?? '',
  ];
}

const speed = (imagesPerSecond: number) => imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0);

function table(rows: readonly (readonly string[])[]): string {
  const all = [['', 'version', 'works', 'memory', 'problem'], ...rows];
  return alignedTable(all, () => true).replace(/^/gm, '  ');
}

const remedyLines = (found: Finding): string[] => [`${nameOf(found as Compute)}: ${found.remedy}.`, ''];

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
