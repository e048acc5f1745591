/** @module The page in English; the other languages have the same keys. */
import type { FailureReason } from '../engine/protocol.ts';

export const en = {
  language: 'English',
  title: 'Latent Dogs',
  tagline: 'Two names, one puppy. None of these dogs exist.',
  skip: 'Skip to the dogs',

  gallery: 'Gallery',
  favourites: 'Favourites',
  howItWorks: 'How it works',
  makeYourOwn: 'Make your own',
  onlyHere: (name: string) => `${name} (only on this device)`,
  linkPrivate: 'Link copied. It works on this device only, because the model is private.',
  languageChoice: 'Language',
  allDogs: 'All dogs',

  parents: 'Two names',
  firstName: 'Name of the first dog',
  secondName: 'Name of the second dog',
  firstExample: 'Your name',
  secondExample: 'A friend’s',
  seePuppy: 'See their puppy',

  dog: (label: string) => `Dog ${label}`,
  gridLabel: 'Endless grid of dogs, by number',
  gridHelp:
    'Arrow keys move between dogs, Enter picks a dog or puts it back, F keeps it as a favourite. You can also drag a dog onto another.',
  shuffle: 'Other dogs',
  shuffleHint: 'Jump to a random number',
  picked: (order: number) => `picked, number ${order}`,

  stage: 'Your dog',
  stageEmpty: 'Type two names, or pick a dog.',
  oneDogHint: 'Add a second dog.',
  attractHint: 'Each dog becomes the next. Try your names.',
  position: 'Position between the dogs',
  positionText: (percent: number, from: string, to: string) => `${percent} % of the way from ${from} to ${to}`,
  play: 'Play',
  pause: 'Pause',
  speed: 'Speed',
  remove: (label: string) => `Put dog ${label} back`,
  clear: 'Start over',
  walkLabel: 'Dogs on this walk',
  tooMany: (most: number) => `A walk can have ${most} dogs at most. Put one back first.`,

  nextSteps: 'What to do next',
  steps: { puppies: 'Puppies', more: 'More dogs', mix: 'Mix', dials: 'Dials' },
  stepHints: {
    puppies: 'Eight puppies of these two. Pick one to breed on.',
    more: 'Up to twelve dogs: add them by name, or from the grid.',
    mix: 'Four dogs in the corners; the point between them is one dog. Drag it, or let it go round.',
    dials: 'Each dial changes one thing about the dog. The pictures show where it leads.',
  },
  close: 'Close',
  panelMissing: 'This part of the page did not arrive. Load the page again.',
  needParents: 'Type two names or pick two dogs first.',
  tooManyGenerations: 'This family is too long to breed on. Begin with two other dogs.',
  litterOf: (first: string, second: string) => `Puppies of ${first} and ${second}`,
  puppy: (number: number) => `Puppy ${number}`,
  breedOn: 'To breed on, type a partner’s name or pick a dog in the grid.',
  anotherName: 'Another name or number',
  add: 'Add',
  orbitHint: 'Goes round by itself',
  emptyCorner: 'empty',
  toTop: 'Back to the top',
  kept: (label: string) => `Dog ${label} is a favourite now.`,
  unkept: (label: string) => `Dog ${label} is no longer a favourite.`,
  surprise: 'Surprise me',
  directionEnds: {} as Record<string, string>,

  pad: 'Mixing pad: drag, or use the arrow keys',
  padText: (right: number, down: number) => `${right} % to the right, ${down} % down`,

  truncation: 'Variety',
  truncationHint: 'Left: the average dog. Right: wilder dogs.',
  direction: (number: number) => `Direction ${number}`,
  reset: 'Reset',

  favourite: 'Favourite',
  keep: 'Keep as a favourite',
  unkeep: 'Remove from favourites',
  copyLink: 'Copy link',
  linkCopied: 'Link copied. It shows exactly this picture.',
  linkCopiedPlaying: 'Link copied. It opens playing, with these dogs.',
  share: 'Share',
  sendFile: (megabytes: string) => `Send (${megabytes} MB)`,
  linkShown: 'Copying is not allowed here; the link is in the address bar.',
  save: 'Save',
  saveMenu: 'Save this dog',
  savePng: 'Picture (PNG)',
  saveVideo: 'Film',
  saveGif: 'Animation (GIF)',
  savingLabel: 'Recording',
  saving: (percent: number, megabytes: string) => `${percent} %, ${megabytes} MB`,
  saved: (file: string, megabytes: string) => `Saved ${file} (${megabytes} MB).`,
  noVideo: 'This browser cannot record films. The animation (GIF) works everywhere.',
  needTwo: 'A film needs a walk: pick two dogs first.',
  cancel: 'Cancel',

  noFavourites: 'No favourites yet. Press the heart on a dog to keep it here, on this device only.',
  exportFavourites: 'Save as a file',
  importFavourites: 'Add from a file',
  imported: (count: number) => (count === 1 ? 'One favourite added.' : `${count} favourites added.`),
  leftOut: (count: number, most: number) => `${count} were left out: this page keeps ${most}.`,
  newerFavourites: 'That file was saved by a newer version of this page. Load the page again, then try once more.',
  notFavourites: 'That file holds no favourites from this page. Choose one that was saved with “Save as a file”.',
  openFavourite: (label: string) => `Show ${label}`,
  storageFull:
    'This browser does not let this page store anything, so your favourites last only until you close it. Save them as a file.',
  otherModel: (name: string) =>
    `These dogs were made by the model “${name}”, which this page does not have. Another model makes other dogs.`,
  modelChanged: (name: string) =>
    `The model “${name}” has been trained anew since this link was made, so its dogs look different now.`,

  loading: (percent: number) => `Waking the dogs… ${percent} %`,
  loadingLabel: 'Loading the generator',
  model: 'Model',
  badge: (provider: string, threads: number, milliseconds: string) =>
    `${provider}${threads > 1 ? `, ${threads} threads` : ''} · ${milliseconds} ms per dog`,
  madeHere: 'Made on this device',
  badgeHint: 'Every dog is made on your device; nothing is sent anywhere.',
  fellBack: 'The graphics processor stopped responding. The main processor now makes the dogs, a little more slowly.',

  failureTitle: {
    'no-simd': 'This browser is too old to make dogs',
    download: 'The generator could not be downloaded',
    damaged: 'The generator’s file is damaged',
    script: 'A part of this page is missing',
    session: 'The generator cannot run here',
    'no-models': 'No dogs live here yet',
  } satisfies Record<FailureReason | 'no-models', string>,
  failureHelp: {
    'no-simd':
      'Dogs are made on your device, which needs WebAssembly SIMD: Chrome or Edge 91, Firefox 114, Safari 16.4 or later. Until you update, here are some made earlier:',
    download: 'Check your connection and try again. If it keeps failing, the site may be missing the model’s file.',
    damaged: 'Try again. If that does not help, the site may be in the middle of an update: wait a minute.',
    script:
      'The site has probably been updated since you opened this page, or the connection is gone. Reload the page.',
    session: 'Close other tabs to free memory, then try again. Until then, here are some made earlier:',
    'no-models':
      'Train a model with “pnpm train”, export it with “pnpm export”, then build this page again. If you have no photos, the trainer draws dogs to learn from.',
  } satisfies Record<FailureReason | 'no-models', string>,
  tryAgain: 'Try again',
  reload: 'Reload the page',
  newVersion: 'There is a new version of this page.',
  later: 'Later',
  samplesAlt: 'A sheet of dogs made earlier by this model',

  explainLead:
    'A small neural network paints every dog from noise, on your device. Here is how one dog comes about, step by step.',
  explainNoise: 'It begins with noise',
  explainNoiseText: (count: number) =>
    `A seed, such as your name, starts a random number generator. It draws ${count} numbers from a bell curve. That is all a dog is: change them a little and the dog changes a little; move from one list to another and you get a morph.`,
  explainLayer: (number: number, width: number) => `Layer ${number}: ${width} × ${width}`,
  explainFirst: (channels: number) =>
    `The numbers are stretched into ${channels} tiny pictures. Nothing dog-like yet: each is a vote for something like “light from the left” or “dark above”.`,
  explainSecond: (channels: number) =>
    `Twice as wide, and painted anew from all the previous pictures: now there are ${channels}. This layer decides where the head is and where the background begins.`,
  explainMiddle: (channels: number) =>
    `Twice as wide again, in ${channels} pictures. Outlines of ears, snout and eyes appear.`,
  explainLast: (channels: number) =>
    `${channels} pictures at half the final size: fur, edges and light. Bright means that the layer sees its feature there.`,
  explainShown: (shown: number, channels: number) => `The ${shown} most varied of ${channels}`,
  explainPicture: 'And it is a dog',
  explainPictureText: (size: number) =>
    `The last layer mixes everything down to red, green and blue: ${size} × ${size} pixels, a dog that never existed.`,
  explainAnother: 'Another dog',
  explainFailed: 'This browser could not open the layers.',
  explainTraining: 'How it learned',
  explainTrainingText: (images: string, count: string) =>
    `Two networks played a game: one painted dogs, the other had to tell them from ${count} real ones. After ${images} pictures, the painter had become this good. The same sixteen dogs, over the course of training:`,
  explainTrainingPosition: 'Moment of the training',
  explainSeen: (images: string) => `after ${images} pictures`,
  explainFacts: 'The model in numbers',
  factModel: 'Model',
  factPicture: 'Picture',
  factNumbers: 'Numbers per dog',
  factFile: 'Size of the network',
  factPhotos: 'Pictures it learned from',
  factSeen: 'Pictures seen in training',
  factPrecision: 'Precision',
  backToGallery: 'Back to the gallery',
};

export type Messages = typeof en;
