/** @module The coats of dog breeds, for drawn dogs. */

/** Hue in degrees, saturation and lightness in percent. */
export type Colour = [number, number, number];

export interface Coat {
  weight: number;
  fur: Colour;
  ear: Colour;
  muzzle: Colour;
  /** Colour of patches and spots. */
  marking: Colour;
  ears: readonly ('pricked' | 'folded' | 'floppy' | 'long')[];
  shaggy?: boolean;
  /** A white stripe up the forehead. */
  blaze?: boolean;
  /** A patch of `marking` around an eye. */
  patch?: boolean;
  spots?: 'small' | 'large';
  /** Light dots above the eyes, like a rottweiler's. */
  brows?: boolean;
  /** White cheeks, like a husky's or a shiba's. */
  whiteCheeks?: boolean;
  /** The colour of the muzzle extends to the eyes, like a pug's. */
  mask?: boolean;
  blueEyes?: boolean;
  nose?: Colour;
}

const WHITE: Colour = [40, 25, 94];
const BLACK: Colour = [225, 8, 15];

export const COATS: readonly Coat[] = [
  // Golden and yellow retrievers
  {
    weight: 3,
    fur: [36, 62, 62],
    ear: [31, 58, 50],
    muzzle: [39, 60, 74],
    marking: [32, 55, 50],
    ears: ['floppy'],
    shaggy: true,
  },
  { weight: 2, fur: [41, 50, 80], ear: [36, 46, 68], muzzle: [43, 50, 87], marking: WHITE, ears: ['floppy', 'folded'] },
  // Chocolate and black labradors
  {
    weight: 2,
    fur: [21, 42, 29],
    ear: [20, 42, 22],
    muzzle: [23, 38, 36],
    marking: BLACK,
    ears: ['floppy'],
    nose: [18, 35, 20],
  },
  {
    weight: 2,
    fur: BLACK,
    ear: [225, 10, 10],
    muzzle: [225, 7, 24],
    marking: WHITE,
    ears: ['floppy', 'folded', 'pricked'],
  },
  // Rottweiler, dobermann
  {
    weight: 2,
    fur: [225, 8, 14],
    ear: [225, 9, 10],
    muzzle: [27, 62, 44],
    marking: BLACK,
    ears: ['floppy', 'folded', 'pricked'],
    brows: true,
  },
  // Beagle
  {
    weight: 3,
    fur: [26, 62, 47],
    ear: [22, 58, 34],
    muzzle: WHITE,
    marking: [22, 50, 24],
    ears: ['floppy', 'long'],
    blaze: true,
  },
  // Husky
  {
    weight: 3,
    fur: [215, 10, 36],
    ear: [215, 12, 26],
    muzzle: WHITE,
    marking: WHITE,
    ears: ['pricked'],
    shaggy: true,
    blaze: true,
    whiteCheeks: true,
    blueEyes: true,
  },
  // Jack Russell terrier and other white dogs with a patch
  {
    weight: 3,
    fur: WHITE,
    ear: [27, 55, 42],
    muzzle: [40, 25, 96],
    marking: [27, 55, 46],
    ears: ['folded', 'floppy'],
    patch: true,
  },
  {
    weight: 2,
    fur: WHITE,
    ear: BLACK,
    muzzle: [40, 20, 96],
    marking: BLACK,
    ears: ['folded', 'floppy', 'pricked'],
    patch: true,
  },
  // Dalmatian
  {
    weight: 2,
    fur: [45, 12, 93],
    ear: [225, 8, 17],
    muzzle: [45, 12, 95],
    marking: [225, 8, 14],
    ears: ['floppy'],
    spots: 'small',
  },
  // Pug
  {
    weight: 2,
    fur: [36, 50, 68],
    ear: [25, 14, 16],
    muzzle: [22, 14, 17],
    marking: BLACK,
    ears: ['folded', 'floppy'],
    mask: true,
  },
  // German shepherd
  {
    weight: 2,
    fur: [32, 52, 46],
    ear: [26, 30, 20],
    muzzle: [25, 20, 17],
    marking: BLACK,
    ears: ['pricked'],
    mask: true,
  },
  // Shiba and corgi
  {
    weight: 3,
    fur: [25, 72, 53],
    ear: [22, 68, 42],
    muzzle: WHITE,
    marking: WHITE,
    ears: ['pricked'],
    whiteCheeks: true,
    blaze: true,
  },
  // Border collie
  {
    weight: 2,
    fur: [225, 8, 15],
    ear: [225, 10, 11],
    muzzle: WHITE,
    marking: WHITE,
    ears: ['folded', 'pricked'],
    shaggy: true,
    blaze: true,
  },
  // Weimaraner
  {
    weight: 1,
    fur: [26, 10, 54],
    ear: [24, 11, 43],
    muzzle: [28, 10, 62],
    marking: WHITE,
    ears: ['floppy', 'long'],
    nose: [10, 18, 34],
    blueEyes: true,
  },
  // Australian shepherd, merle
  {
    weight: 1.5,
    fur: [215, 10, 62],
    ear: [215, 12, 30],
    muzzle: WHITE,
    marking: [220, 12, 24],
    ears: ['folded'],
    spots: 'large',
    blaze: true,
    shaggy: true,
    blueEyes: true,
  },
  // Poodle, apricot and white; Samoyed
  {
    weight: 1.5,
    fur: [28, 58, 64],
    ear: [26, 55, 54],
    muzzle: [30, 55, 71],
    marking: WHITE,
    ears: ['long', 'floppy'],
    shaggy: true,
  },
  {
    weight: 1.5,
    fur: [42, 30, 93],
    ear: [38, 32, 83],
    muzzle: [42, 30, 96],
    marking: WHITE,
    ears: ['pricked', 'long'],
    shaggy: true,
  },
  // Spaniel, setter
  {
    weight: 2,
    fur: [16, 58, 36],
    ear: [14, 58, 27],
    muzzle: [18, 52, 44],
    marking: WHITE,
    ears: ['long'],
    blaze: true,
    shaggy: true,
  },
];
