/** @module The trained networks in the npm package nsfwjs: TensorFlow.js LayersModels as JavaScript modules. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import type { io } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { moduleValue } from './module-value.ts';

export const MODELS = ['inception_v3', 'mobilenet_v2'] as const;
export type ModelName = (typeof MODELS)[number];

export interface LayerConfig {
  readonly name: string;
  readonly class_name: string;
  readonly config: { readonly trainable?: boolean; readonly batch_input_shape?: readonly (number | null)[] };
  /** For each call of the layer: the layers whose results it takes, as [name, call, result, …]. */
  readonly inbound_nodes: readonly (readonly (readonly [string, ...unknown[]])[])[];
}

/** A LayersModel as a file holds it. Weights may be quantised. */
export interface LayersFile {
  readonly layers: readonly LayerConfig[];
  readonly weightSpecs: readonly io.WeightsManifestEntry[];
  readonly weightData: Uint8Array;
}

const layer = v.looseObject({
  name: v.string(),
  class_name: v.string(),
  config: v.looseObject({
    trainable: v.optional(v.boolean()),
    batch_input_shape: v.optional(v.array(v.nullable(v.number()))),
  }),
  inbound_nodes: v.array(v.array(v.looseTuple([v.string()]))),
});

const modelModule = v.object({
  modelTopology: v.object({ model_config: v.object({ config: v.object({ layers: v.array(v.unknown()) }) }) }),
  weightsManifest: v.array(v.object({ paths: v.array(v.string()), weights: v.array(v.unknown()) })),
});

/** Reads a model of the package in `folder`. @throws UserError naming the file that is missing or damaged. */
export async function readLayersPackage(folder: string, model: ModelName): Promise<LayersFile> {
  const file = (name: string) => join(folder, 'dist', 'models', model, `${name}.min.js`);
  const { modelTopology, weightsManifest } = await read(file('model'), modelModule);
  const shards: Buffer[] = [];
  for (const name of weightsManifest.flatMap(({ paths }) => paths))
    shards.push(Buffer.from(await read(file(name), v.string()), 'base64'));
  return {
    layers: modelTopology.model_config.config.layers.map((config) => v.parse(layer, config) as LayerConfig),
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights as io.WeightsManifestEntry[]),
    weightData: new Uint8Array(Buffer.concat(shards)),
  };
}

async function read<T>(file: string, schema: v.GenericSchema<unknown, T>): Promise<T> {
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `--package: can't read '${file}' (${error.code}); add the package with 'pnpm add -Dw nsfwjs@4.3.0 --ignore-scripts', or name its folder`,
    );
  });
  try {
    return v.parse(schema, moduleValue(source));
  } catch (error) {
    throw new UserError(
      `--package: '${file}' is not a model of nsfwjs 4.3.0 (${(error as Error).message}); install the package again`,
    );
  }
}
