/** @module From a run folder to a model folder. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDemo } from '@latent-dogs/client/build';
import { grouped } from '@latent-dogs/command-line';
import {
  averagedGenerator,
  checkParity,
  describeModel,
  encodeGenerator,
  type FoldedGenerator,
  foldGenerator,
  generatorGraph,
  type Parity,
  trainingWeights,
} from '@latent-dogs/dcgan';
import type { ModelManifest } from '@latent-dogs/latent';
import { ExportedModel, writeManifest } from '@latent-dogs/models';
import type { WeightPrecision } from '@latent-dogs/tfjs-onnx';
import sharp from 'sharp';
import { pictureGrid } from '../generate/picture-grid.ts';
import { modelCard } from './model-card.ts';
import { checkModelFolder, replaceModelFolder } from './model-folder.ts';
import { compareExported, parityLatents, trainedPictures } from './parity.ts';
import { published } from './published-config.ts';
import { writeTimelapse } from './timelapse.ts';
import { type CheckpointChoice, describeMean, metricsOf, openTrainingRun, type TrainingRun } from './training-run.ts';

const SAMPLES = 64;
const SAMPLE_COLUMNS = 8;
const GENERATOR = 'generator.onnx';
const WEIGHTS = 'training.safetensors';

export interface ExportOptions {
  /** `latest` or a run folder. */
  run: string;
  /** The model folder to write; null: models/<dataset>-<size>. */
  out: string | null;
  precision: WeightPrecision;
  checkpoint: CheckpointChoice;
  /** Whether to write the weights that `pnpm train --from` starts from. */
  training: boolean;
  /** Names of the principal directions, strongest first; null leaves one without a name. */
  names: readonly (string | null)[];
  /** Whether to write demo.html and its scripts. */
  demo: boolean;
  /** Replace README.md, discarding the user's changes. */
  force: boolean;
  /** Called with a description of each stage, for the terminal. */
  onStage?: (stage: string) => void;
}

export interface ExportResult {
  folder: string;
  run: TrainingRun;
  manifest: ModelManifest;
  /** Files and folders of the user's that were in the folder before and were kept. */
  kept: string[];
}

/**
 * Exports a run's generator. The model folder is created or replaced only after the file's pictures were found equal to
 * those of the trained network.
 *
 * @throws UserError if there is no run, if `out` can't hold a model, or if the pictures differ.
 */
export async function exportModel(options: ExportOptions): Promise<ExportResult> {
  const run = await openTrainingRun(options.run, options.checkpoint);
  const { config } = run.record;
  const folder = options.out ?? join('models', defaultName(run.record.dataset.name, config.size));
  const name = await checkModelFolder(folder);

  const { imagesSeen } = run.checkpoint;
  const mean = run.meanOf ? `, ${describeMean(run.meanOf)}` : '';
  const newer =
    options.checkpoint === null && imagesSeen < run.newest
      ? `, the best checkpoint; --checkpoint latest exports the newest, at ${grouped(run.newest)}`
      : '';
  options.onStage?.(`Exporting ${run.folder} at ${grouped(imagesSeen)} images${mean}${newer}`);
  const generator = foldGenerator(config, averagedGenerator(config, run.checkpoint.tensors));
  const onnx = encodeGenerator(generatorGraph(generator, options.precision));
  options.onStage?.('Comparing 256 pictures with those of the trained network');
  const z = parityLatents(config.latent);
  const parity = await compareExported(onnx, config, z, await trainedPictures(config, run.checkpoint, z));
  checkParity(parity, options.precision);
  const weights = options.training ? trainingWeights(run.checkpoint) : null;

  let manifest!: ModelManifest;
  const kept = await replaceModelFolder(
    folder,
    async (beside) => {
      const { precision, names } = options;
      manifest = await writeModel(beside, { name, run, generator, onnx, weights, parity, precision, names });
      if (options.demo) await writeDemo(beside, manifest);
    },
    { replaceCard: options.force },
  );
  return { folder, run, manifest, kept };
}

/** `<dataset>-<size>`, in characters that are legal in a model's name. */
export function defaultName(dataset: string, size: number): string {
  const word = dataset
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
  return `${word || 'dogs'}-${size}`;
}

interface Contents {
  name: string;
  run: TrainingRun;
  generator: FoldedGenerator;
  onnx: Uint8Array;
  /** Contents of training.safetensors; null: not written. */
  weights: Uint8Array | null;
  parity: Parity;
  precision: WeightPrecision;
  names: ExportOptions['names'];
}

async function writeModel(
  folder: string,
  { name, run, generator, onnx, weights, parity, precision, names }: Contents,
): Promise<ModelManifest> {
  const { config } = run.record;
  const { imagesSeen } = run.checkpoint;
  await writeFile(join(folder, GENERATOR), onnx, { flush: true });
  if (weights) await writeFile(join(folder, WEIGHTS), weights, { flush: true });
  await mkdir(join(folder, 'timelapse'));
  const timelapse = await writeTimelapse(run.folder, folder, { size: config.size, imagesSeen });
  const manifest = describeModel({
    name,
    record: run.record,
    config: published(config),
    imagesSeen,
    meanOf: run.meanOf,
    generator,
    file: { ...described(GENERATOR, onnx), precision },
    weights: weights && described(WEIGHTS, weights),
    metrics: await metricsOf(run),
    parity,
    timelapse,
    names,
  });
  await writeManifest(folder, manifest);
  await writeFile(join(folder, 'README.md'), modelCard(manifest, run), { flush: true });
  await writeSamples(folder, config.size);
  return manifest;
}

/** What model.json says about a file. */
const described = (file: string, contents: Uint8Array) => ({
  file,
  sha256: createHash('sha256').update(contents).digest('hex'),
  bytes: contents.length,
});

/** Writes samples.png: seeds 0 to 63. */
async function writeSamples(folder: string, size: number): Promise<void> {
  const model = await ExportedModel.open(folder);
  const squares: Uint8Array[] = [];
  for (let seed = 0; seed < SAMPLES; seed++) squares.push(await model.picture(seed));
  await model.dispose();
  const { pixels, width, height } = pictureGrid(squares, size, SAMPLE_COLUMNS);
  const picture = sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png();
  await writeFile(join(folder, 'samples.png'), await picture.toBuffer());
}
