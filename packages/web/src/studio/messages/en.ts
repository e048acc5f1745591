/** @module The Studio in English. */
import type { SettingName } from '@latent-dogs/dcgan/settings';
import type { Unusable } from '../photos/photo.ts';
import type { FailureKind } from '../training/protocol.ts';

const number = (value: number) => value.toLocaleString('en');

export const en = {
  title: 'Make your own',
  lead: 'Train a small generator on your own photos, here in your browser.',
  privacy: 'Your photos stay on this device. Nothing is uploaded.',

  photosTitle: 'Your photos',
  drop: 'Drop photos, a folder or a zip here',
  chooseFiles: 'Choose photos',
  chooseFolder: 'Choose a folder',
  photoCount: (count: number) => (count === 1 ? '1 photo' : `${number(count)} photos`),
  adding: (done: number, total: number) => `Reading ${number(done)} of ${number(total)} files…`,
  skipped: (count: number) =>
    count === 1 ? '1 file in the zip is no picture.' : `${number(count)} files in the zip are no pictures.`,
  unusableTitle: (count: number) => (count === 1 ? '1 file cannot be used' : `${number(count)} files cannot be used`),
  unusable: {
    'not-an-image': 'not a picture that this browser can read',
    'too-small': 'smaller than 64 pixels',
    heic: 'HEIC, which this browser cannot read; save it as JPEG first',
    'zip-damaged': 'the zip is damaged',
    'zip-too-large': 'the zip is larger than 1 GB; unpack it first',
    'no-room': 'there is no room left on this device',
  } satisfies Record<Unusable, string>,
  showAll: (count: number) => `Show all ${number(count)}`,
  clear: 'Delete all photos',
  clearSure: 'Delete all photos from this page? Your own files stay.',
  adjust: (name: string) => `Adjust ${name}`,
  findFaces: 'Find dogs’ faces',
  findFacesHint: 'The first square of a photo is the dog’s face; without this, its middle. Squares that you set stay.',
  noFace: 'No face found: check the square',
  noFaces: (count: number) =>
    count === 1
      ? 'No face found in 1 photo: check the square. It comes first.'
      : `No face found in ${number(count)} photos: check the squares. They come first.`,
  adjustTitle: 'What the generator sees of this photo',
  adjustHelp: 'Drag the square to the face. Make it as large as the face with ears.',
  left: 'From the left',
  top: 'From the top',
  side: 'Size',
  remove: 'Remove this photo',
  done: 'Done',

  startTitle: 'Start from',
  fromModel: (name: string) => name,
  fromModelHint: 'good from 30 photos',
  scratch: 'Nothing',
  scratchHint: 'needs 2,000 photos and more',
  noModels: 'This page has no model of this size to start from.',
  sizeTitle: 'Size of the pictures',
  size: (size: number) => `${size} × ${size}`,
  advice: {
    none: 'Add photos first.',
    few: (count: number) => `${number(count)} photos are few. Add more, 30 at least, for pictures that are not copies.`,
    model: 'Good: this many photos are enough when you start from a model.',
    scratchFew: 'To start from nothing takes 2,000 photos and more. With fewer, start from a model.',
    many: 'Good: this many photos are enough.',
  },
  advanced: 'Advanced',
  advancedHelp: 'The settings of “pnpm train”. The defaults are good.',
  resetSettings: 'Defaults',
  /** What settings mean; those that are missing here have the text of the table of settings, in English. */
  settingHelp: {} as Partial<Record<SettingName, string>>,
  illegal: (legal: string) => `Must be ${legal}.`,
  measure: 'Measure this device',
  measureHelp:
    'Trains for a few seconds with the settings above, keeps nothing, and prints a line for the table in docs/gpu.md.',
  measuring: 'Measuring…',
  start: 'Start',

  phase: {
    loading: 'Loading…',
    tracing: 'Preparing the first step…',
    training: 'Training',
    paused: 'Paused',
    done: 'Finished',
    saving: 'Making the model…',
    failed: 'Stopped',
  },
  goOnTitle: 'Go on where you stopped',
  goOnText: (seen: string, photos: string) =>
    `A training on ${photos} photos is kept on this device: ${seen} pictures seen.`,
  pause: 'Pause',
  goOn: 'Go on',
  finish: 'Finish',
  discard: 'Delete this training',
  discardSure: 'Delete this training? Models that you made stay.',
  facesLabel: 'Pictures of the model as it is now',
  morphLabel: 'A walk through the model as it is now',
  waiting: 'The first pictures come with the first steps.',
  seen: (seen: string, all: string) => `${seen} of ${all} pictures seen`,
  pace: 'Pictures a second',
  timeLeft: 'Time left',
  minutes: (minutes: number) =>
    minutes < 1 ? 'under a minute' : minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`,
  diversity: 'Variety',
  augmentP: 'Augmentation',
  computes: (provider: string, threads: number) => (threads > 1 ? `${provider}, ${threads} threads` : provider),
  computesTitle: 'Computes',
  fellBack: 'The graphics card stopped responding. The training goes on with WebAssembly, from the last checkpoint.',
  losses: 'Losses',
  lossD: 'D: tells photos from fakes',
  lossG: 'G: makes the fakes',
  timelapse: 'From the beginning until now',
  timelapseMoment: 'Moment of the training',
  afterSeen: (seen: string) => `after ${seen} pictures`,
  hints: {
    early: 'Just begun. The pictures change quickly now.',
    going: 'Going well. Finish whenever you like the pictures; you can go on afterwards.',
    alike: 'The pictures look alike. This often passes; more varied photos help.',
    strong: 'The judge is nearly always right, so the painter learns little. More photos help.',
    memorised: 'Many rounds over few photos: pictures may become copies. This is a good moment to finish.',
    rolledBack: 'It went wrong and was set back to a healthy checkpoint, with smaller steps.',
  },
  guardDetails: 'What happened',

  failureTitle: 'The training stopped',
  failures: {
    quota: 'There is no room left on this device. Free some space, or delete photos here. The last checkpoint is kept.',
    memory:
      'This device has too little memory for these settings. Choose a smaller batch or fewer channels, or close other tabs.',
    'other-tab': 'The Studio is open in another tab, which trains already. Close one of the two.',
    'no-storage':
      'This browser does not let the page keep files, which a private window often does not. Use a normal window.',
    'no-simd': 'This browser is too old. Chrome or Edge 91, Firefox 89, Safari 16.4 or later can train.',
    guard:
      'The training went wrong several times. The newest healthy checkpoint is kept. Try more photos, or smaller learning rates under “Advanced”.',
    download: 'The model to start from could not be downloaded. Check your connection.',
    damaged: 'The file is damaged.',
    unknown: 'Something went wrong. The last checkpoint is kept.',
  } satisfies Record<FailureKind, string>,

  nameTitle: 'Name of the model',
  makeModel: 'Make the model',
  cancel: 'Cancel',
  saved: (name: string) => `“${name}” is in the gallery, only on this device.`,
  openGallery: 'See it in the gallery',
  downloadModel: 'Download the model',
  downloadRun: 'Download the training',
  downloadRunHint: 'The training holds your photos. “pnpm train --resume” goes on with it.',
  downloaded: (file: string) => `Saved ${file}.`,
  ownModels: 'Your models',
  modelRefused: (detail: string) => `That model cannot be used: ${detail}`,
  useModel: 'Have a model already? Drop its folder or zip here, too.',
  erase: 'Delete everything from this page',
  eraseSure: 'Delete all photos, the training and your models from this page? Your own files stay.',
  deleteModel: 'Delete',
  deleteModelSure: (name: string) => `Delete the model “${name}” from this device?`,
};

export type StudioMessages = typeof en;
