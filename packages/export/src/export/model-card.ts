/** @module README.md of a model folder. */
import { grouped, megabytes } from '@latent-dogs/command-line';
import type { ModelManifest } from '@latent-dogs/latent';
import { trainCommands } from '@latent-dogs/train';
import { published } from './published-config.ts';
import { describeMean, type TrainingRun } from './training-run.ts';

/** A model card (Mitchell et al. 2019, arXiv:1810.03993) as Markdown, for the user to edit. */
export function modelCard(manifest: ModelManifest, { record }: TrainingRun): string {
  const { name, size, latentSize, generator, training, metrics, parity, timelapse } = manifest;
  const { config } = record;
  const drawn = config.data === null;
  const frames = timelapse ?? [];
  return `# ${name}

A DCGAN that makes ${size}x${size} pictures of dogs from ${latentSize} random numbers: \`${generator.file}\`, ${megabytes(generator.bytes)}, ONNX opset ${generator.opset}, weights stored as ${generator.precision}.

![64 samples, seeds 0 to 63](samples.png)

Seeds 0 to 63 at truncation 1, not selected.

\`\`\`sh
pnpm generate --model models/${name} --seeds 0-63 --out grid.png
\`\`\`

## Data

${
  drawn
    ? `${grouped(training.dataset.count)} dogs drawn by the program itself (\`${training.dataset.name}\`). No photos, so no licences apply.`
    : `${grouped(training.dataset.count)} photos, \`${training.dataset.name}\`. State their source and licence here.`
} Fingerprint \`${training.dataset.fingerprint}\`.

## Training

${training.from ? `Started from the weights of \`${training.from.name}\`, which had seen ${grouped(training.from.imagesSeen)} images (SHA-256 \`${training.from.sha256}\`). ` : ''}${grouped(training.imagesSeen)} images seen, ${(training.imagesSeen / training.dataset.count).toFixed(1)} times each, with

\`\`\`sh
${commandsOf(record).join('\n')}
\`\`\`

${training.meanOf ? `The generator is ${describeMean(training.meanOf)} ([weight averaging](https://arxiv.org/abs/1803.05407)), its batch norms measured again.\n\n` : ''}| setting | value |
|---|---|
${Object.entries(training.config)
  .map(([key, value]) => `| ${key} | ${Array.isArray(value) ? value.join(', ') || 'none' : String(value ?? 'none')} |`)
  .join('\n')}

${training.weights ? `To train on with photos of your own (\`${training.weights.file}\`, ${megabytes(training.weights.bytes)}: G and D):\n\n\`\`\`sh\npnpm train --data photos --from models/${name}\n\`\`\`\n` : ''}
${frames.length > 1 ? `The same latents after ${frames.map((frame) => grouped(frame.imagesSeen)).join(', ')} images:\n\n${frames.map(({ file, imagesSeen }) => `![after ${grouped(imagesSeen)} images](${file})`).join('\n')}\n` : ''}
## Quality

${metricsTable(metrics)}

## Parity with the trained network

The exported file was compared with the trained network on ${parity.latents} latents (seeds 0 to ${parity.latents - 1}; ${parity.backend}). On a scale from -1 to 1: largest difference ${parity.maxAbsoluteError.toExponential(1)}, mean ${parity.meanAbsoluteError.toExponential(1)}, PSNR ${parity.psnr === null ? 'infinite' : `${parity.psnr.toFixed(1)} dB`}.

## Limits

- ${drawn ? 'It was trained on drawings and makes drawings.' : 'It knows only these photos: breeds, poses and backgrounds that are rare in them come out badly or not at all.'}
- Pictures have ${size}x${size} pixels; larger ones are enlargements.
- Some seeds give no recognisable dog. Truncation below 1 gives fewer failures, and dogs that are more alike.
- ${drawn ? 'The pictures show no real animal.' : 'The pictures show no particular animal, but a GAN may reproduce something close to a training photo.'}
`;
}

/** The commands that repeat the run, without the location of private files and without the device. */
function commandsOf(record: TrainingRun['record']): string[] {
  return trainCommands({ ...record, config: published(record.config) }, new Set(['backend', 'device']));
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
