/** @module A model with training weights, of random numbers, that a training can start from. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  averagedGenerator,
  describeModel,
  encodeGenerator,
  foldGenerator,
  generatorGraph,
  trainingWeights,
} from '@latent-dogs/dcgan';
import { smallConfig, trainedTensors } from '@latent-dogs/dcgan/trained-tensors';
import { type CatalogueEntry, startsOf } from '../engine/catalogue.ts';

/** Writes models/<name> under `modelsFolder`. @returns its entry in models/index.json */
export async function writeTrainableModel(modelsFolder: string, name: string): Promise<CatalogueEntry> {
  const config = smallConfig({ data: 'photos', batch: 8 });
  const tensors = trainedTensors(config);
  const generator = foldGenerator(config, averagedGenerator(config, tensors));
  const onnx = encodeGenerator(generatorGraph(generator, 'fp32'));
  const weights = trainingWeights({ imagesSeen: 4_000, healthy: true, tensors, state: {} });
  const described = (file: string, bytes: Uint8Array) => ({
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  });
  const manifest = describeModel({
    name,
    record: { dataset: { name: 'nothing', count: 100, fingerprint: 'none' } },
    config,
    imagesSeen: 4_000,
    generator,
    file: { ...described('generator.onnx', onnx), precision: 'fp32' },
    weights: described('training.safetensors', weights),
    metrics: {},
    parity: { latents: 1, maxAbsoluteError: 0, meanAbsoluteError: 0, psnr: null, backend: 'none' },
    timelapse: [],
  });
  const folder = join(modelsFolder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'generator.onnx'), onnx);
  await writeFile(join(folder, 'training.safetensors'), weights);
  await writeFile(join(folder, 'model.json'), JSON.stringify(manifest));
  const { file, sha256, bytes } = manifest.generator;
  return { name, size: config.size, latentSize: config.latent, file, sha256, bytes, ...startsOf(manifest) };
}
