/** @module `pnpm features`. */

import { cannotWrite, grouped, runCommand } from '@latent-dogs/command-line';
import { writeFileAtomically } from '@latent-dogs/files';
import { encodeOnnx } from '@latent-dogs/tfjs-onnx';
import { lastFrozenLayer } from './feature-layer.ts';
import { cutModel, featureGraph, ownSize } from './feature-network.ts';
import { readLayersPackage } from './layers-package.ts';
import { parseFeaturesOptions } from './options.ts';

async function main(argv: readonly string[]): Promise<number> {
  const options = parseFeaturesOptions(argv);
  if (!options) return 0;
  const { model, out } = options;
  const file = await readLayersPackage(options.package, model);
  const layer = options.layer ?? lastFrozenLayer(file.layers);
  const size = options.size ?? ownSize(file.layers);
  const graph = featureGraph(await cutModel(file, layer, size));
  const metadata = { source: `nsfwjs: ${model}`, layer, license: 'MIT' };
  const bytes = encodeOnnx(graph, { name: model, metadata });
  await writeFileAtomically(out, bytes).catch((error: NodeJS.ErrnoException) => {
    throw cannotWrite('--out', out, error);
  });
  const count = graph.outputs.get('features')!.shape[1]!;
  const megabytes = (bytes.length / 1e6).toFixed(1);
  console.log(
    `${out}: ${grouped(count)} features of ${size}x${size} pictures, ${model} up to ${layer}, ${megabytes} MB`,
  );
  console.log(`Next: pnpm evaluate --features ${out}`);
  return 0;
}

runCommand(main);
