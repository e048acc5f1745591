/** @module From a run folder to a model folder. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import { averagedGenerator, type Config } from '@latent-dogs/dcgan';
import { type ModelManifest, parseModelManifest } from '@latent-dogs/latent';
import { ExportedModel, writeManifest } from '@latent-dogs/models';
import type { WeightPrecision } from '@latent-dogs/tfjs-onnx';
import { OPSET } from '@latent-dogs/tfjs-onnx';
import sharp from 'sharp';
import { pictureGrid } from '../generate/picture-grid.ts';
import { principalDirections } from './directions.ts';
import { type FoldedGenerator, foldGenerator } from './fold-generator.ts';
import { encodeGenerator, generatorGraph } from './generator-graph.ts';
import { modelCard } from './model-card.ts';
import { checkModelFolder, replaceModelFolder } from './model-folder.ts';
import { checkParity, compareExported, type Parity, parityLatents, trainedPictures } from './parity.ts';
import { writeTimelapse } from './timelapse.ts';
import { metricsOf, openTrainingRun, type TrainingRun } from './training-run.ts';

const DIRECTIONS = 10;
const SAMPLES = 64;
const SAMPLE_COLUMNS = 8;
const GENERATOR = 'generator.onnx';

export interface ExportOptions {
  /** `latest` or a run folder. */
  run: string;
  /** The model folder to write; null: models/<dataset>-<size>. */
  out: string | null;
  precision: WeightPrecision;
  /** Images seen at the checkpoint to export; `latest`: the newest undamaged one. */
  checkpoint: number | 'latest';
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

  options.onStage?.(`Exporting ${run.folder} at ${grouped(run.checkpoint.imagesSeen)} images`);
  const generator = foldGenerator(config, averagedGenerator(config, run.checkpoint.tensors));
  const onnx = encodeGenerator(generatorGraph(generator, options.precision));
  options.onStage?.('Comparing 256 pictures with those of the trained network');
  const z = parityLatents(config.latent);
  const parity = await compareExported(onnx, config, z, await trainedPictures(config, run.checkpoint, z));
  checkParity(parity, options.precision);

  let manifest!: ModelManifest;
  const kept = await replaceModelFolder(
    folder,
    async (beside) => {
      manifest = await writeModel(beside, { name, run, generator, onnx, parity, precision: options.precision });
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
  parity: Parity;
  precision: WeightPrecision;
}

async function writeModel(
  folder: string,
  { name, run, generator, onnx, parity, precision }: Contents,
): Promise<ModelManifest> {
  const { config, dataset } = run.record;
  const { imagesSeen } = run.checkpoint;
  await writeFile(join(folder, GENERATOR), onnx, { flush: true });
  await mkdir(join(folder, 'timelapse'));
  const timelapse = await writeTimelapse(run.folder, folder, { size: config.size, imagesSeen });
  const manifest = parseModelManifest({
    formatVersion: 1,
    name,
    exported: new Date().toISOString(),
    latentSize: config.latent,
    size: config.size,
    generator: {
      file: GENERATOR,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      bytes: onnx.length,
      opset: OPSET,
      precision,
    },
    input: { name: 'z', latentSize: config.latent, distribution: 'normal' },
    outputs: {
      image: { height: config.size, width: config.size, range: [-1, 1] },
      pixels: { height: config.size, width: config.size },
    },
    // z is N(0, I): its standard deviation along any unit vector is 1.
    directions: principalDirections(generator, DIRECTIONS).map(({ vector }) => ({
      name: null,
      vector: vector.map((value) => Number(value.toFixed(7))),
      deviation: 1,
    })),
    training: { config: published(config), imagesSeen, dataset },
    metrics: await metricsOf(run),
    parity,
    samples: 'samples.png',
    timelapse,
  });
  await writeManifest(folder, manifest);
  await writeFile(join(folder, 'README.md'), modelCard(manifest, run), { flush: true });
  await writeSamples(folder, config.size);
  return manifest;
}

/** The config without the path of the photos, which is private: only its last part is published. */
const published = (config: Config): Record<string, unknown> => ({
  ...config,
  data: config.data === null ? null : config.data.split(/[/\\]/).filter(Boolean).at(-1)!,
});

/** Writes samples.png: seeds 0 to 63. */
async function writeSamples(folder: string, size: number): Promise<void> {
  const model = await ExportedModel.open(folder);
  const squares: Uint8Array[] = [];
  for (let seed = 0; seed < SAMPLES; seed++) squares.push(await model.picture(seed));
  await model.dispose();
  const { pixels, width, height } = pictureGrid(squares, size, SAMPLE_COLUMNS);
  await sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png()
    .toFile(join(folder, 'samples.png'));
}
