/**
 * @module All settings of a training run, in one table. From it are derived: the options of `pnpm train`, the schema of
 * `config.json`, the presets' keys, the names of run folders, the labels of compared runs, the key of a cached speed trial,
 * what a resume may change, and what `--from` takes over. `value` is the setting of the `paper` preset: DCGAN as published
 * (Radford, Metz & Chintala 2016, arXiv:1511.06434), at the width of PyTorch's example. To add a setting, add an entry here
 * and use it.
 */
import { choice, images, list, number, path, type Setting, toggle, whole, wholeOrNull } from './setting.ts';

const MOST_IMAGES = 1_000_000_000;

export const settings = {
  preset: choice(
    'paper',
    ['dogs', 'paper', 'student'],
    { group: 'Recipe', help: 'default of every option that is not given', role: 'subject' },
    { seed: 'student' },
  ),

  data: path({
    group: 'What to train on',
    help: 'folder (searched recursively) or .zip of photos (default: drawn dogs)',
    role: 'subject',
    // Photos may move; a resume checks their fingerprint.
    onResume: 'free',
  }),
  from: path({
    group: 'What to train on',
    help: "start from trained weights: a model, a run or 'latest' (default: random)",
    absent: null,
    role: 'recipe',
  }),
  size: choice(64, [64, 128], {
    group: 'What to train on',
    help: 'height and width of the images',
    unit: 'pixels',
    role: 'subject',
    onTransfer: 'network',
    shapesStep: true,
  }),
  photoSize: wholeOrNull(null, 64, 1024, {
    group: 'What to train on',
    help: 'shrink the photos to this size first',
    unit: 'pixels',
    role: 'recipe',
    onTransfer: 'default',
  }),
  crop: choice('center', ['center', 'attention', 'face'], {
    group: 'What to train on',
    help: "which square of a photo to keep (face: the dog's, or skip the photo)",
    unit: 'how',
    role: 'recipe',
    onTransfer: 'default',
  }),
  flip: toggle(false, {
    group: 'What to train on',
    help: 'mirror images at random',
    helpOff: 'never mirror',
    role: 'recipe',
    onTransfer: 'default',
  }),
  holdOut: number(0, 0, 0.5, {
    group: 'What to train on',
    help: "share of the photos not to train on, for D's overfitting r_v",
    unit: 'share',
    absent: 0,
    role: 'recipe',
  }),

  images: images(2_000_000, 2, MOST_IMAGES, {
    group: 'Recipe',
    help: 'how many images to train on: 200000, 200k, 2M',
    role: 'length',
    onResume: 'recorded',
  }),
  batch: whole(64, 2, 1024, {
    group: 'Recipe',
    help: 'images per step',
    role: 'recipe',
    onTransfer: 'default',
    shapesStep: true,
  }),
  channels: whole(64, 8, 256, {
    group: 'Recipe',
    help: 'base channels of G and D; they double at each halving',
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  maxChannels: whole(0, 0, 1024, {
    group: 'Recipe',
    help: 'maximum channels of any layer, 0: no limit',
    absent: 0,
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  latent: whole(100, 1, 1024, {
    group: 'Recipe',
    help: 'length of z',
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  lrG: number(2e-4, 1e-9, 1, {
    group: 'Recipe',
    help: 'learning rate of G',
    unit: 'rate',
    role: 'recipe',
    onTransfer: 'default',
  }),
  lrD: number(2e-4, 1e-9, 1, {
    group: 'Recipe',
    help: 'learning rate of D',
    unit: 'rate',
    role: 'recipe',
    onTransfer: 'default',
  }),
  decayImages: images(0, 0, MOST_IMAGES, {
    group: 'Recipe',
    help: 'linear decay of both rates to 0 over the last n images, 0: none',
    absent: 0,
    role: 'recipe',
    onResume: 'recorded',
  }),
  beta1: number(0.5, 0, 0.9999, {
    group: 'Recipe',
    help: "Adam's first moment decay",
    unit: 'b',
    role: 'recipe',
    onTransfer: 'default',
  }),
  beta2: number(0.999, 0, 0.99999, {
    group: 'Recipe',
    help: "Adam's second moment decay",
    unit: 'b',
    role: 'recipe',
    onTransfer: 'default',
  }),
  loss: choice(
    'non-saturating',
    ['non-saturating', 'bce-clamped', 'hinge', 'relativistic'],
    { group: 'Recipe', help: 'loss of G and D', role: 'recipe', onTransfer: 'default', shapesStep: true },
    { bce: 'non-saturating' },
  ),
  normD: choice('batch', ['batch', 'none'], {
    group: 'Recipe',
    help: 'normalisation layers of D',
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  spectral: toggle(false, {
    group: 'Recipe',
    help: 'spectral normalisation of D',
    helpOff: 'no spectral normalisation',
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  r1: number(0, 0, 1000, {
    group: 'Recipe',
    help: 'R1 gradient penalty on D, 0: off',
    unit: 'gamma',
    role: 'recipe',
    onTransfer: 'default',
    shapesStep: true,
  }),
  r1Every: whole(16, 1, 1024, {
    group: 'Recipe',
    help: 'steps between R1 penalties',
    unit: 'steps',
    role: 'recipe',
    onTransfer: 'default',
    shapesStep: true,
  }),
  emaImages: images(0, 0, 100_000_000, {
    group: 'Recipe',
    help: "half-life of the moving average of G's weights, 0: off",
    role: 'recipe',
    onTransfer: 'default',
    shapesStep: true,
  }),
  augment: list([], ['color', 'translation', 'cutout'], {
    group: 'Recipe',
    help: "augmentations of D's inputs",
    role: 'recipe',
    onTransfer: 'default',
    onResume: 'recorded',
    shapesStep: true,
  }),
  ada: number(0, 0, 1, {
    group: 'Recipe',
    help: "target of D's overfitting r_t, which controls how often --augment is applied, 0: always",
    unit: 'target',
    absent: 0,
    role: 'recipe',
    onTransfer: 'default',
    onResume: 'recorded',
  }),
  adaImages: images(500_000, 1, MOST_IMAGES, {
    group: 'Recipe',
    help: 'images in which --ada can go from never to always',
    absent: 500_000,
    role: 'recipe',
    onTransfer: 'default',
    onResume: 'recorded',
  }),
  freezeD: whole(0, 0, 5, {
    group: 'Recipe',
    help: "do not train D's first n layers, those nearest the image, 0: train all",
    absent: 0,
    role: 'recipe',
    shapesStep: true,
  }),
  upsample: choice('transposed', ['transposed', 'nearest'], {
    group: 'Recipe',
    help: 'how G doubles height and width',
    unit: 'how',
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  attention: choice(0, [0, 16, 32], {
    group: 'Recipe',
    help: 'height of the layer with self-attention in G and D (0: none)',
    unit: 'pixels',
    absent: 0,
    role: 'recipe',
    onTransfer: 'network',
    shapesStep: true,
  }),
  seed: whole(0, 0, 4_294_967_295, {
    group: 'Recipe',
    help: 'same seed, same run',
    role: 'recipe',
    onTransfer: 'default',
  }),

  backend: choice('auto', ['auto', 'onnxruntime', 'tensorflow'], {
    group: 'Run',
    help: 'compute library (auto: the fastest that works)',
    absent: 'onnxruntime',
    role: 'compute',
  }),
  device: choice('auto', ['auto', 'cpu', 'webgpu', 'cuda'], {
    group: 'Run',
    help: 'compute device',
    role: 'compute',
  }),
  precision: choice('fp32', ['fp32', 'mixed'], {
    group: 'Run',
    help: 'numeric precision (mixed: float16 products, on a GPU)',
    absent: 'fp32',
    role: 'recipe',
    shapesStep: true,
  }),
  tickEvery: images(1_000, 1, MOST_IMAGES, {
    group: 'Run',
    help: 'images per log line',
    formerly: 'tick',
    role: 'report',
  }),
  sheetEvery: images(20_000, 1, MOST_IMAGES, {
    group: 'Run',
    help: 'images per sheet of samples',
    formerly: 'sheet',
    role: 'report',
  }),
  checkpointEvery: images(20_000, 1, MOST_IMAGES, {
    group: 'Run',
    help: 'images per checkpoint',
    formerly: 'checkpoint',
    role: 'report',
  }),
  evaluateEvery: images(20_000, 0, MOST_IMAGES, {
    group: 'Run',
    help: 'images per small evaluation (SWD, MS-SSIM), 0: off',
    formerly: 'evaluate',
    absent: 0,
    role: 'report',
  }),
  guard: toggle(true, {
    group: 'Run',
    help: 'roll back when training diverges or collapses',
    helpOff: 'never intervene',
    role: 'recipe',
    onResume: 'free',
  }),
} satisfies Record<string, Setting<unknown>>;

type Table = typeof settings;

export type SettingName = keyof Table;

/** All settings of a run, resolved: the content of `config.json` and the input of the trainer. */
export type Config = { -readonly [Name in SettingName]: Table[Name]['value'] };

/** Names of the settings whose previous values `config.json` keeps when a resume changes them. */
type RecordedName = {
  [Name in SettingName]: Table[Name] extends { readonly onResume: 'recorded' } ? Name : never;
}[SettingName];

/** Previous values of the settings that a resume changed. */
export type RecordedSettings = Pick<Config, RecordedName>;

/** Names of the settings that `accept` returns true for, in the order of the table. */
export const settingNames = (accept: (setting: Setting<unknown>) => boolean = () => true): SettingName[] =>
  (Object.keys(settings) as SettingName[]).filter((name) => accept(settings[name]));

export const recordedNames = settingNames(({ onResume }) => onResume === 'recorded') as RecordedName[];

/** Whether a resume may change the setting. */
export const mayChange = (name: SettingName): boolean => {
  const { onResume, role }: Setting<unknown> = settings[name];
  return onResume !== undefined || role === 'compute' || role === 'report';
};
