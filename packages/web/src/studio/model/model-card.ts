/** @module README.md of a model that was made in the browser. */
import type { ModelManifest } from '@latent-dogs/latent';

const grouped = (value: number) => value.toLocaleString('en');

export function modelCard({ name, size, latentSize, generator, training, parity }: ModelManifest): string {
  const { dataset, from, imagesSeen } = training;
  return `# ${name}

A DCGAN that makes ${size}x${size} pictures from ${latentSize} random numbers: \`${generator.file}\`, ONNX opset ${generator.opset}, weights stored as ${generator.precision}. It was trained in a browser, in the Studio of Latent Dogs.

![64 samples, seeds 0 to 63](samples.png)

Seeds 0 to 63 at truncation 1, not selected. With this folder in \`models/\`:

\`\`\`sh
pnpm generate --model models/${name} --seeds 0-63 --out grid.png
pnpm serve --model models/${name}
\`\`\`

## Data

${grouped(dataset.count)} photos of the person who trained it. They did not leave their device. State their source and licence here before you share the model.

## Training

${from ? `Started from the weights of \`${from.name}\`, which had seen ${grouped(from.imagesSeen)} images (SHA-256 \`${from.sha256}\`). ` : ''}${grouped(imagesSeen)} images seen, ${(imagesSeen / dataset.count).toFixed(1)} times each.

| setting | value |
|---|---|
${Object.entries(training.config)
  .map(([key, value]) => `| ${key} | ${Array.isArray(value) ? value.join(', ') || 'none' : String(value ?? 'none')} |`)
  .join('\n')}

## Parity with the trained network

The exported file was compared with the trained network on ${parity.latents} latents (${parity.backend}). On a scale from -1 to 1: largest difference ${parity.maxAbsoluteError.toExponential(1)}, mean ${parity.meanAbsoluteError.toExponential(1)}.

## Limits

- It knows only these photos, and with few of them its pictures can be close to one of the photos. Whoever gets the model can see such pictures.
- Pictures have ${size}x${size} pixels; larger ones are enlargements.
`;
}
