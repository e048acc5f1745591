/** @module Every setting of a training run, resolved: what `config.json` holds and what the trainer reads. */
import * as v from 'valibot';

/** A legal interval, both ends included. */
export interface Range {
  min: number;
  max: number;
  whole: boolean;
}

const whole = (min: number, max: number): Range => ({ min, max, whole: true });
const real = (min: number, max: number): Range => ({ min, max, whole: false });

/** The legal range of every numeric setting, shared by the command line and by `config.json`. */
export const ranges = {
  photoSize: whole(64, 1024),
  channels: whole(8, 256),
  latent: whole(1, 1024),
  batch: whole(2, 1024),
  images: whole(2, 1_000_000_000),
  lrG: real(1e-9, 1),
  lrD: real(1e-9, 1),
  beta1: real(0, 0.9999),
  beta2: real(0, 0.99999),
  r1: real(0, 1000),
  r1Every: whole(1, 1024),
  emaImages: whole(0, 100_000_000),
  decayImages: whole(0, 1_000_000_000),
  seed: whole(0, 4_294_967_295),
  tick: whole(1, 1_000_000_000),
  sheet: whole(1, 1_000_000_000),
  checkpoint: whole(1, 1_000_000_000),
  evaluate: whole(0, 1_000_000_000),
} satisfies Record<string, Range>;

/** The legal words of every setting that is one. */
export const choices = {
  preset: ['dogs', 'paper', 'seed'],
  size: [64, 128],
  attention: [0, 16, 32],
  crop: ['center', 'attention'],
  loss: ['bce', 'bce-clamped', 'non-saturating', 'hinge', 'relativistic'],
  normD: ['batch', 'none'],
  augment: ['color', 'translation', 'cutout'],
  upsample: ['transposed', 'nearest'],
  backend: ['auto', 'onnxruntime', 'tensorflow'],
  device: ['auto', 'cpu', 'webgpu', 'cuda'],
  precision: ['fp32', 'mixed'],
} as const;

const within = ({ min, max, whole: isWhole }: Range) =>
  isWhole
    ? v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
    : v.pipe(v.number(), v.minValue(min), v.maxValue(max));

const settings = {
  preset: v.picklist(choices.preset),
  /** Folder or zip of photos; null: drawn dogs. */
  data: v.nullable(v.string()),
  /** H = W of the training images, in pixels. */
  size: v.picklist(choices.size),
  /** H = W the photos are shrunk to before they are shrunk to `size`; null: straight to `size`. */
  photoSize: v.nullable(within(ranges.photoSize)),
  crop: v.picklist(choices.crop),
  /** Random horizontal flips. */
  flip: v.boolean(),
  /** Base channels of G and D; the innermost layer has eight times as many at size 64. */
  channels: within(ranges.channels),
  /** Length of z. */
  latent: within(ranges.latent),
  batch: within(ranges.batch),
  /** How many real images training sees in all. */
  images: within(ranges.images),
  /** Adam (Kingma & Ba 2015). */
  lrG: within(ranges.lrG),
  lrD: within(ranges.lrD),
  /** Both learning rates fall to 0 over the last so many of `images`; 0: they stay. Runs of before have none. */
  decayImages: v.optional(within(ranges.decayImages), 0),
  beta1: within(ranges.beta1),
  beta2: within(ranges.beta2),
  loss: v.picklist(choices.loss),
  /** Normalisation layers in D. */
  normD: v.picklist(choices.normD),
  /** Spectral normalisation of D (Miyato et al. 2018). */
  spectral: v.boolean(),
  /** R1 gamma (Mescheder et al. 2018), applied every `r1Every` steps; 0: off. With the relativistic loss, R2 too. */
  r1: within(ranges.r1),
  r1Every: within(ranges.r1Every),
  /** Half-life of the moving average of G's weights, in images; 0: off, G itself is exported. */
  emaImages: within(ranges.emaImages),
  /** Differentiable augmentation (Zhao et al. 2020). */
  augment: v.array(v.picklist(choices.augment)),
  /** G doubles H and W by 4x4 stride-2 transposed convolutions, or by nearest x2 and a 3x3 convolution. */
  upsample: v.picklist(choices.upsample),
  /** H of the layer after which G and D have self-attention (Zhang et al. 2019); 0: none. Runs of before have none. */
  attention: v.optional(v.picklist(choices.attention), 0),
  seed: within(ranges.seed),
  /** What computes, and on what; a run's own record has no `auto`. Runs of before there was a choice had one backend. */
  backend: v.optional(v.picklist(choices.backend), 'onnxruntime'),
  device: v.picklist(choices.device),
  /** In `mixed`, products take float16 copies of what they multiply. Runs of before there was a choice are float32. */
  precision: v.optional(v.picklist(choices.precision), 'fp32'),
  /** Images per log line, per sheet of fakes and per checkpoint. */
  tick: within(ranges.tick),
  sheet: within(ranges.sheet),
  checkpoint: within(ranges.checkpoint),
  /** Images between evaluations, logged with the next tick; 0: none. Runs of before there were any have none. */
  evaluate: v.optional(within(ranges.evaluate), 0),
  /** Watch for divergence and collapse, and answer by rolling back. */
  guard: v.boolean(),
};

/** Validates a `Config`, as read back from `config.json`. */
export const configSchema = v.pipe(
  v.strictObject(settings),
  v.check(({ photoSize, size }) => photoSize === null || photoSize >= size, 'photoSize must be at least size'),
  v.check(({ images, batch }) => images >= batch, 'images must be at least batch'),
  v.check(({ images, decayImages }) => images >= decayImages, 'images must be at least decayImages'),
);

/** What changes the training and may be changed when a run is resumed. */
export const changeableSchema = v.pick(v.strictObject(settings), ['images', 'decayImages', 'augment']);

export type ChangeableConfig = v.InferOutput<typeof changeableSchema>;

export type Config = v.InferOutput<typeof configSchema>;
