/** @module The files of a model folder, made of a run's checkpoint. */
import { type Checkpoint, type DescribedFile, describeModel, jsonBytes, trainingWeights } from '@latent-dogs/dcgan';
import type { Device } from '@latent-dogs/tfjs-onnx';
import { pngOf, type Sheet, sheetsOf } from '../run/sheet.ts';
import type { StudioRun } from '../run/studio-run.ts';
import { hexDigest } from '../storage/digest.ts';
import { exportGenerator, hasFloat16 } from './exported-generator.ts';
import { modelCard } from './model-card.ts';

const MOST_SHEETS = 12;
/** Pictures along a side of the corner of a sheet that is kept. */
const TILES = 4;

export type ModelFiles = Map<string, Uint8Array<ArrayBuffer>>;

/** @throws UserError if the exported file's pictures are not those of the trained network. */
export async function makeModel(
  run: StudioRun,
  checkpoint: Checkpoint,
  name: string,
  device: Device,
): Promise<ModelFiles> {
  const { record } = run;
  const { config } = record;
  const files: ModelFiles = new Map();
  const { folded, onnx, precision, parity, samples } = await exportGenerator(config, checkpoint, device);
  files.set('generator.onnx', onnx);
  const weights = hasFloat16 ? trainingWeights(checkpoint) : null;
  if (weights) files.set('training.safetensors', weights);
  files.set('samples.png', await bytesOf(await pngOf(samples, config.size, 8)));
  const timelapse: { file: string; imagesSeen: number }[] = [];
  const sheets = (await sheetsOf(run.folder)).filter((sheet) => sheet.imagesSeen <= checkpoint.imagesSeen);
  for (const sheet of evenly(sheets, MOST_SHEETS)) {
    const { file, bytes } = await corner(sheet, config.size);
    files.set(file, bytes);
    timelapse.push({ file, imagesSeen: sheet.imagesSeen });
  }
  const manifest = describeModel({
    name,
    record,
    config,
    imagesSeen: checkpoint.imagesSeen,
    generator: folded,
    file: { ...(await described('generator.onnx', onnx)), precision },
    weights: weights && (await described('training.safetensors', weights)),
    metrics: {},
    parity,
    timelapse,
  });
  files.set('README.md', new TextEncoder().encode(modelCard(manifest)));
  files.set('model.json', jsonBytes(manifest));
  return files;
}

/** The upper left 4 x 4 pictures of a sheet: as WebP where the browser can write it. */
async function corner({ imagesSeen, png }: Sheet, size: number) {
  const side = TILES * size;
  const bitmap = await createImageBitmap(png, 0, 0, side, side);
  const canvas = new OffscreenCanvas(side, side);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
  const extension = blob.type === 'image/webp' ? 'webp' : 'png';
  return { file: `timelapse/${String(imagesSeen).padStart(9, '0')}.${extension}`, bytes: await bytesOf(blob) };
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

const described = async (file: string, bytes: Uint8Array): Promise<DescribedFile> => ({
  file,
  sha256: await hexDigest(bytes),
  bytes: bytes.length,
});

/** At most `count` of `items`, evenly spread, both ends included. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
