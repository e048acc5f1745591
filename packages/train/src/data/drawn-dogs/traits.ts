/** @module What a drawn dog looks like, drawn by lot: a coat as breeds wear it, ears, head, snout, eyes, pose and scene. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { type xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { COATS, type Coat, type Colour } from './coats.ts';

/** Lengths are in hundredths of the picture's side, angles in degrees. */
export interface DogTraits {
  coat: Coat;
  ears: { shape: 'pricked' | 'folded' | 'floppy' | 'long'; length: number; width: number; spread: number };
  head: { width: number; height: number; taper: number; cheeks: number; shag: number };
  snout: { width: number; length: number; noseWidth: number; nose: Colour };
  eyes: { radius: number; spacing: number; y: number; iris: [Colour, Colour]; lids: number };
  /** `open` from 0 (closed) to 1; `smile` bends the lips. */
  mouth: { open: number; smile: number; tongue: boolean };
  blaze: number;
  patch: 'left' | 'right' | 'both' | 'none';
  spots: { x: number; y: number; radius: number }[];
  /** `turn` moves the features over the head, -1 (left) to 1 (right). */
  pose: { tilt: number; turn: number; x: number; y: number; scale: number };
  collar: Colour | null;
  scene: { kind: 'plain' | 'meadow' | 'room' | 'glow'; hue: number; saturation: number; light: number };
  light: number;
  /** Roughness of the outline by angle, -1 to 1. */
  jitter: number[];
}

const EYES: { colour: Colour; weight: number }[] = [
  { colour: [24, 55, 20], weight: 6 },
  { colour: [28, 60, 28], weight: 4 },
  { colour: [34, 70, 40], weight: 2 },
  { colour: [75, 30, 38], weight: 0.5 },
];
const BLUE_EYE: Colour = [205, 65, 68];
const COLLARS: Colour[] = [
  [355, 70, 48],
  [215, 65, 48],
  [150, 50, 36],
  [275, 40, 48],
  [40, 85, 52],
  [20, 40, 25],
];

/** The dog of `seed` and `index`: always the same one. */
export function dogTraits(seed: number, index: number): DogTraits {
  const lot = new Lot(seed, index);
  const coat = lot.weighted(COATS);
  const shape = lot.weighted(coat.ears.map((name) => ({ name, weight: 1 }))).name;
  const long = shape === 'long';
  const flat = lot.between(0, 1);
  const eyeColour = coat.blueEyes && lot.chance(0.6) ? BLUE_EYE : lot.weighted(EYES).colour;
  const oddEye = coat.blueEyes && lot.chance(0.15) ? lot.weighted(EYES).colour : eyeColour;
  const open = lot.chance(0.45) ? lot.between(0.4, 1) : 0;
  return {
    coat: jitterCoat(coat, lot),
    ears: {
      shape,
      length: long ? lot.between(38, 50) : shape === 'floppy' ? lot.between(24, 36) : lot.between(20, 30),
      width: lot.between(13, 18),
      spread: lot.between(-1, 1),
    },
    head: {
      width: lot.between(27, 33),
      height: lot.between(28, 33),
      taper: lot.between(0.08, 0.3),
      cheeks: lot.between(0, 1) * (coat.shaggy ? 1 : 0.4),
      shag: coat.shaggy ? lot.between(0.35, 1) : lot.between(0, 0.25),
    },
    snout: {
      width: 19 - 5 * flat + lot.between(-1.5, 1.5),
      length: 12 + 6 * flat + lot.between(-1, 1),
      noseWidth: lot.between(5.2, 7.4),
      nose: coat.nose ?? [20, 12, lot.between(9, 15)],
    },
    eyes: {
      radius: lot.between(4.1, 5.7),
      spacing: lot.between(12, 15.5),
      y: lot.between(-9, -5),
      iris: [eyeColour, oddEye],
      lids: lot.chance(0.2) ? lot.between(0.15, 0.38) : 0,
    },
    mouth: { open, smile: lot.between(0.3, 1), tongue: open > 0 && lot.chance(0.8) },
    blaze: coat.blaze && lot.chance(0.85) ? lot.between(0.5, 1.3) : 0,
    patch: coat.patch && lot.chance(0.75) ? lot.pick(['left', 'right', 'both'] as const) : 'none',
    spots: coat.spots
      ? Array.from({ length: 14 }, () => ({
          x: lot.between(-32, 32),
          y: lot.between(-34, 26),
          radius: lot.between(1.3, coat.spots === 'large' ? 6 : 3.2),
        }))
      : [],
    pose: {
      tilt: lot.around(0, 9),
      turn: lot.around(0, 0.42),
      x: lot.around(0, 2),
      y: lot.around(0, 1.5),
      scale: shape === 'pricked' ? lot.between(0.95, 1.1) : lot.between(1, 1.2),
    },
    collar: lot.chance(0.5) ? lot.pick(COLLARS) : null,
    scene: {
      kind: lot.pick(['plain', 'glow', 'meadow', 'room'] as const),
      hue: lot.between(0, 360),
      saturation: lot.between(12, 45),
      light: lot.between(48, 84),
    },
    light: lot.between(-1, 1),
    jitter: Array.from({ length: 48 }, () => lot.between(-1, 1)),
  };
}

function jitterCoat(coat: Coat, lot: Lot): Coat {
  const hue = lot.around(0, 4);
  const light = lot.around(0, 3.5);
  const shift = ([h, s, l]: Colour): Colour => [h + hue, s, Math.min(96, Math.max(7, l + light))];
  return {
    ...coat,
    fur: shift(coat.fur),
    ear: shift(coat.ear),
    muzzle: shift(coat.muzzle),
    marking: shift(coat.marking),
  };
}

/** Random choices of one dog. */
class Lot {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number, index: number) {
    // Neighbouring states start alike and part within a few steps.
    this.#generator = xoroshiro128plusFromState([seed, index, 0x9e3779b9, 0x85ebca6b]);
    for (let i = 0; i < 32; i++) this.#generator.next();
  }

  between(low: number, high: number): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  /** Bell-shaped, standard deviation `spread`, never beyond 2.5 of them. */
  around(middle: number, spread: number): number {
    const sum = this.between(-1, 1) + this.between(-1, 1) + this.between(-1, 1);
    return middle + Math.max(-2.5, Math.min(2.5, sum)) * spread;
  }

  chance(probability: number): boolean {
    return uniformFloat64(this.#generator) < probability;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[Math.floor(this.between(0, choices.length))]!;
  }

  weighted<Choice extends { weight: number }>(choices: readonly Choice[]): Choice {
    let rest = uniformFloat64(this.#generator) * choices.reduce((sum, { weight }) => sum + weight, 0);
    for (const choice of choices) {
      rest -= choice.weight;
      if (rest < 0) return choice;
    }
    return choices.at(-1)!;
  }
}
