#!/usr/bin/env node
/** @module `npx tfjs-onnx model.json -o model.onnx --verify`: a model on disk as an ONNX file. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { io } from '@tensorflow/tfjs-core';
import type { InputSpec } from './convert/model-source.ts';
import type { GraphModel, LayersModel } from './convert/models.ts';
import { type ParityReport, verify } from './convert/verify.ts';
import { toOnnx } from './index.ts';

const HELP = `usage: tfjs-onnx MODEL.json [-o FILE.onnx] [options]

Converts a TensorFlow.js model, layers or graph, with its weight files beside it, to ONNX (opset 17).

  -o, --output FILE          the file to write; MODEL.onnx beside the model if absent
      --shape NAME=1,N,64,3  shape of an input; a word is an axis of any size (may be repeated)
      --fp16                 store weights as float16
      --verify               run both on the same random inputs, and fail if they differ by more than 1e-4 of the range
                             (needs the package onnxruntime-node)
      --name NAME            name of the graph
  -h, --help                 this text

examples:
  npx tfjs-onnx model.json -o model.onnx --verify
  npx tfjs-onnx web_model/model.json --shape image=1,224,224,3 --fp16
`;

/** Largest accepted difference, as a part of an output's range. */
const TOLERANCE = 1e-4;

/** A mistake of the user: one line, exit code 1. */
class UserError extends Error {}

const PACKAGES = {
  '@tensorflow/tfjs-backend-cpu': () => import('@tensorflow/tfjs-backend-cpu'),
  '@tensorflow/tfjs-layers': () => import('@tensorflow/tfjs-layers'),
  '@tensorflow/tfjs-converter': () => import('@tensorflow/tfjs-converter'),
  'onnxruntime-node': () => import('onnxruntime-node'),
};

/** A package that only some runs need. @throws UserError if it is not installed. */
async function installed<T extends keyof typeof PACKAGES>(name: T): Promise<Awaited<ReturnType<(typeof PACKAGES)[T]>>> {
  try {
    return (await PACKAGES[name]()) as Awaited<ReturnType<(typeof PACKAGES)[T]>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UserError(`the package ${name} is needed here; install it: npm install ${name}`);
  }
}

/** Reads model.json and the weight files that it names. @throws UserError for what is missing or is no model. */
function artifactsOf(path: string): io.ModelArtifacts {
  const read = (file: string): Buffer => {
    try {
      return readFileSync(file);
    } catch {
      throw new UserError(
        `${file} cannot be read; legal: the model.json of a TensorFlow.js model, with its weights beside it`,
      );
    }
  };
  let model: io.ModelJSON;
  try {
    model = JSON.parse(read(path).toString('utf8'));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} is not JSON; legal: the model.json of a TensorFlow.js model`);
  }
  if (!model.modelTopology || !model.weightsManifest)
    throw new UserError(
      `${path} has no modelTopology and weightsManifest; legal: the model.json of a TensorFlow.js model`,
    );
  const weights = model.weightsManifest.flatMap(({ paths }) => paths.map((file) => read(join(dirname(path), file))));
  const { buffer, byteOffset, byteLength } = Buffer.concat(weights);
  const { weightsManifest, ...rest } = model;
  return {
    ...(rest as io.ModelArtifacts),
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
  };
}

/** Loads a layers or a graph model; the file says which. */
async function loadModel(path: string): Promise<LayersModel | GraphModel> {
  const artifacts = artifactsOf(path);
  await installed('@tensorflow/tfjs-backend-cpu');
  const handler = { load: async () => artifacts };
  const isGraph = artifacts.format === 'graph-model' || 'node' in (artifacts.modelTopology as object);
  if (isGraph) {
    const { loadGraphModel } = await installed('@tensorflow/tfjs-converter');
    return (await loadGraphModel(handler)) as unknown as GraphModel;
  }
  const { loadLayersModel } = await installed('@tensorflow/tfjs-layers');
  return (await loadLayersModel(handler)) as unknown as LayersModel;
}

/** The shapes of `--shape NAME=1,N,64,3`. */
function shapesOf(texts: readonly string[]): Record<string, InputSpec> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, list] = /^(.+)=((?:\w+)(?:,\w+)*)$/.exec(text) ?? [];
      if (!name || !list)
        throw new UserError(`--shape ${text}; legal: NAME=1,224,224,3, where a word is an axis of any size`);
      return [name, { shape: list.split(',').map((size) => (/^\d+$/.test(size) ? Number(size) : size)) }];
    }),
  );
}

function printReport({ outputs, relativeError }: ParityReport): void {
  for (const { name, shape, error, range } of outputs)
    console.log(`  ${name} [${shape}]: largest error ${error.toExponential(1)} of a range of ${range.toPrecision(3)}`);
  console.log(`the file agrees with the model to ${relativeError.toExponential(1)} of the range`);
}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  const [path] = positionals;
  if (values.help || !path) {
    (values.help ? console.log : console.error)(HELP);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const output = values.output ?? join(dirname(path), `${basename(path, '.json')}.onnx`);
  const model = await loadModel(path).catch((error: Error) => {
    throw error instanceof UserError ? error : new UserError(`${path} cannot be loaded: ${error.message}`);
  });
  const inputs = shapesOf(values.shape ?? []);
  const file = toOnnx(model, {
    inputs,
    weights: values.fp16 ? 'fp16' : 'fp32',
    ...(values.name ? { name: values.name } : {}),
  });
  try {
    writeFileSync(output, file);
  } catch (error) {
    throw new UserError(`${output} cannot be written: ${(error as Error).message}`);
  }
  console.log(`${output}: ${(statSync(output).size / 1e6).toFixed(2)} MB`);
  if (!values.verify) return;
  const report = await verify(model, file, await installed('onnxruntime-node'), inputs);
  printReport(report);
  const limit = values.fp16 ? 1e-2 : TOLERANCE;
  if (!(report.relativeError <= limit))
    throw new UserError(`the file differs from the model by more than ${limit} of the range`);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o' },
        shape: { type: 'string', multiple: true },
        fp16: { type: 'boolean' },
        verify: { type: 'boolean' },
        name: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

main().catch((error: Error) => {
  const known = error instanceof UserError || error.name === 'TraceError';
  console.error(known ? `tfjs-onnx: ${error.message}` : error);
  process.exitCode = 1;
});
