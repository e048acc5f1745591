/** @module `pnpm train:face-finder`. */
import { readFile } from 'node:fs/promises';
import { count, duration, grouped, number, parseArguments, runCommand, text } from '@latent-dogs/command-line';
import { finderGraph } from '@latent-dogs/face-finder';
import { writeFileAtomically } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import { encodeOnnx, type NamedValues } from '@latent-dogs/tfjs-onnx';
import { Command } from 'commander';
import * as runtime from 'onnxruntime-node';
import { FINDER_FILE } from '../data/face-crop.ts';
import { type LabelledPhoto, type Purpose, purposeOf, readLabelledPhotos } from './labelled-photos.ts';
import { bestThreshold, deviationOf, faceless, isClose, likeliestFaces, unsquashed } from './measure.ts';
import { BATCH, trainFaceFinder } from './training.ts';

const FACELESS = 200;
/** Seeds of the pictures without a face, for the threshold and for the test. */
const [THRESHOLD_SEED, TEST_SEED] = [1, 2];
/** Steps between lines. */
const LINE = 50;

const examples = `
Examples:
  $ pnpm train:face-finder --index dog-faces/index.csv --photos kaggle-dogs
  $ pnpm train:face-finder --index dog-faces/index.csv --photos kaggle-dogs --measure`;

interface Options {
  index?: string;
  photos?: string;
  out: string;
  views: number;
  seed: number;
  measure: boolean;
}

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pnpm train:face-finder')
    .usage('--index <file> --photos <folder>')
    .description(
      "Trains the network that --crop face finds dogs' faces with, and measures it on photos that were held back.",
    )
    .addHelpText('after', examples)
    .addOption(text('--index <file>', 'CSV of boxes: source (… dog.N.jpg), x, y, w, h, source_resolution (WxH)'))
    .addOption(text('--photos <folder>', 'the photos dog.N.jpg, whole, in any proportions'))
    .addOption(text('--out <file>', 'the model to write').default(FINDER_FILE, 'packages/face-finder/finder.onnx'))
    .addOption(
      count('--views <n>', { min: BATCH, max: 1e8, whole: true }, 'views of photos to train on').default(96_000),
    )
    .addOption(number('--seed <n>', { min: 0, max: 2 ** 32 - 1, whole: true }, 'same seed, same model').default(0))
    .option('--measure', 'measure the model in --out instead of training', false);
  if (!parseArguments(program, argv)) return 0;
  const { index, photos: folder, out, views, seed, measure } = program.opts<Options>();
  if (index === undefined || folder === undefined)
    throw new UserError('give --index FILE and --photos FOLDER; --help says what they hold');
  const purposes: Purpose[] = measure ? ['test'] : ['training', 'threshold', 'test'];
  const photos = Map.groupBy(await readLabelledPhotos(index, folder, purposes), ({ number }) => purposeOf(number));
  const of = (purpose: Purpose) => photos.get(purpose) ?? [];
  const missing = purposes.filter((purpose) => of(purpose).length === 0);
  if (missing.length > 0)
    throw new UserError(
      `--index: ${index} names no photos for ${missing.join(' and ')}; a photo's number decides what it is for: ` +
        '…7 for the test, …03, …23, …43, …63 and …83 for the threshold, others for training',
    );
  const counts = purposes.map((purpose) => `${grouped(of(purpose).length)} ${purpose}`);
  console.log(`Photos: ${counts.join(', ')}`);
  if (!measure) {
    const weights = await trained(of('training'), views, seed);
    const threshold = await thresholdFor(weights, of('threshold'));
    console.log(`Threshold of the score: ${threshold.toFixed(3)}`);
    await writeFileAtomically(out, encodeOnnx(finderGraph(weights, threshold), { name: 'face-finder' }));
  }
  await report(out, of('test'));
  return 0;
}

async function trained(photos: readonly LabelledPhoto[], views: number, seed: number): Promise<NamedValues> {
  const start = performance.now();
  let sum = 0;
  return trainFaceFinder({
    runtime,
    photos,
    views,
    seed,
    onStep: ({ step, steps, loss }) => {
      sum += loss;
      if (step % LINE !== 0) return;
      const seconds = (performance.now() - start) / 1000;
      console.log(
        `Step ${step}/${steps}  loss ${(sum / LINE).toFixed(3)}  ETA ${duration((seconds / step) * (steps - step))}`,
      );
      sum = 0;
    },
  });
}

/** From photos and faceless pictures that the weights were not trained on. */
async function thresholdFor(weights: NamedValues, photos: readonly LabelledPhoto[]): Promise<number> {
  const model = encodeOnnx(finderGraph(weights));
  const scores = async (pictures: Parameters<typeof likeliestFaces>[2]) =>
    (await likeliestFaces(runtime, model, pictures)).map(({ score }) => score);
  return bestThreshold(await scores(unsquashed(photos)), await scores(faceless(photos, FACELESS, THRESHOLD_SEED)));
}

async function report(file: string, photos: readonly LabelledPhoto[]): Promise<void> {
  const model = await readFile(file);
  const faces = await likeliestFaces(runtime, model, unsquashed(photos));
  const deviations = faces.flatMap((face, i) => (face.score < 0.5 ? [] : [deviationOf(face, photos[i]!)]));
  const ious = deviations.map(({ iou }) => iou).sort((a, b) => a - b);
  const invented = (await likeliestFaces(runtime, model, faceless(photos, FACELESS, TEST_SEED))).map(
    ({ score }) => score >= 0.5,
  );
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} % (${part} of ${whole})`;
  const isFound = (remainder: number) => invented.filter((found, i) => found && i % 2 === remainder).length;
  console.log(
    [
      `${file}: ${grouped(model.length)} bytes. On photos held back:`,
      `  within 15 % of the box:  ${percent(deviations.filter(isClose).length, photos.length)}`,
      `  no face found:           ${percent(photos.length - deviations.length, photos.length)}`,
      `  median IoU where found:  ${ious[ious.length >> 1]?.toFixed(3) ?? 'none'}`,
      `  face found beside it:    ${percent(isFound(0), FACELESS / 2)}`,
      `  face found in drawings:  ${percent(isFound(1), FACELESS / 2)}`,
    ].join('\n'),
  );
}

runCommand(main);
