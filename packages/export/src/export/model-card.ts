/** @module README.md of a model folder. */
import { basename } from 'node:path';
import type { ModelManifest } from '@latent-dogs/latent';
import { trainCommands } from '@latent-dogs/train';
import type { TrainingRun } from './training-run.ts';

/** A model card (Mitchell et al. 2019, arXiv:1810.03993) as Markdown; the user may edit it. */
export function modelCard(manifest: ModelManifest, { record }: TrainingRun): string {
  const { name, size, latentSize, generator, training, metrics, parity, timelapse } = manifest;
  const { config } = record;
  const drawn = config.data === null;
  const images = (count: number) => count.toLocaleString('en-US');
  const frames = timelapse ?? [];
  return `# ${name}

A DCGAN that makes ${size}x${size} pictures of dogs from ${latentSize} random numbers: \`${generator.file}\`, ${megabytes(generator.bytes)} MB, ONNX opset ${generator.opset}, weights stored as ${generator.precision}.

![64 samples, seeds 0 to 63](samples.png)

Seeds 0 to 63, truncation 1, not picked.

\`\`\`sh
pnpm generate --model models/${name} --seeds 0-63 --out grid.png
\`\`\`

## Data

${
  drawn
    ? `${images(training.dataset.count)} dogs drawn by the program itself (\`${training.dataset.name}\`): no photo, no licence.`
    : `${images(training.dataset.count)} photos, \`${training.dataset.name}\`. State here whence they are and under which terms.`
} Fingerprint \`${training.dataset.fingerprint}\`.

## Training

${images(training.imagesSeen)} images seen, ${(training.imagesSeen / training.dataset.count).toFixed(1)} times each, by

\`\`\`sh
${commandsOf(record).join('\n')}
\`\`\`

| setting | value |
|---|---|
${Object.entries(training.config)
  .map(([key, value]) => `| ${key} | ${Array.isArray(value) ? value.join(', ') || 'none' : String(value ?? 'none')} |`)
  .join('\n')}

${frames.length > 1 ? `The same latents after ${frames.map((frame) => images(frame.imagesSeen)).join(', ')} images:\n\n${frames.map(({ file, imagesSeen }) => `![after ${images(imagesSeen)} images](${file})`).join('\n')}\n` : ''}
## Quality

${metricsTable(metrics)}

## Is it the trained network?

The exported file was compared with the network it was made of on ${parity.latents} latents (seeds 0 to ${parity.latents - 1}; ${parity.backend}). In units of a picture from -1 to 1: largest difference ${parity.maxAbsoluteError.toExponential(1)}, mean ${parity.meanAbsoluteError.toExponential(1)}, PSNR ${parity.psnr === null ? 'infinite' : `${parity.psnr.toFixed(1)} dB`}.

## Limits

- ${drawn ? 'It has seen drawings only, and draws.' : 'It has seen these photos only: breeds, poses and backgrounds that are rare there come out badly or not at all.'}
- ${size}x${size} pixels is all there is: larger pictures are enlargements.
- Some seeds make no dog. Truncation below 1 makes fewer of those, and dogs more alike.
- ${drawn ? 'The pictures show no animal that exists.' : 'The pictures show no particular animal, but a GAN may come close to a photo it was trained on.'}
`;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** What gives the run again, wherever the photos lie and whatever computes. */
function commandsOf(record: TrainingRun['record']): string[] {
  const { data } = record.config;
  const config = { ...record.config, data: data === null ? null : basename(data) };
  return trainCommands({ ...record, config }, new Set(['backend', 'device']));
}

function metricsTable(metrics: ModelManifest['metrics']): string {
  const rows = flat(metrics);
  if (rows.length === 0) return 'Not measured.';
  return `| metric | value |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${Number(value.toPrecision(4))} |`).join('\n')}`;
}

function flat(metrics: ModelManifest['metrics'], prefix = ''): [string, number][] {
  return Object.entries(metrics).flatMap(([name, value]): [string, number][] =>
    typeof value === 'number' ? [[prefix + name, value]] : flat(value, `${prefix}${name}.`),
  );
}
