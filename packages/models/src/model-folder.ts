/** @module A model's folder, read and checked. */
import { join } from 'node:path';
import { type ModelManifest, UserError } from '@latent-dogs/latent';
import { readDescribedFile } from './described-file.ts';
import { readManifest } from './manifest-file.ts';

export interface ModelFolder {
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** Path of the ONNX file. */
  readonly file: string;
  /** Contents of the ONNX file. */
  readonly onnx: Uint8Array;
}

/** Reads model.json and checks the ONNX file against it. @throws UserError naming what is missing or damaged */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const manifest = await readManifest(folder);
  const { generator } = manifest;
  return { folder, manifest, file: join(folder, generator.file), onnx: await readDescribedFile(folder, generator) };
}

/** Weights of a model to train on with. */
interface TrainingWeights {
  readonly manifest: ModelManifest;
  /** SHA-256 of the file, lowercase hexadecimal. */
  readonly sha256: string;
  /** Contents of the safetensors file. */
  readonly safetensors: Uint8Array;
}

/** Reads model.json and the weights of the trained networks. @throws UserError naming what is missing or damaged */
export async function readTrainingWeights(folder: string): Promise<TrainingWeights> {
  const manifest = await readManifest(folder);
  const { weights } = manifest.training;
  if (!weights)
    throw new UserError(
      `'${folder}' holds no training weights: it was exported by an earlier version, or with --no-training; ` +
        'export its run again, or give the run itself',
    );
  return { manifest, sha256: weights.sha256, safetensors: await readDescribedFile(folder, weights) };
}
