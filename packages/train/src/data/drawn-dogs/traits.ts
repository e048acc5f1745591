/** @module The random traits of a drawn dog: the coat of a breed, ears, head, snout, eyes, pose and scene. */

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
  /** `turn` moves the features across the head, from -1 (left) to 1 (right). */
  pose: { tilt: number; turn: number; x: number; y: number; scale: number };
  collar: Colour | null;
  scene: { kind: 'plain' | 'meadow' | 'room' | 'glow'; hue: number; saturation: number; light: number };
  light: number;
  /** Roughness of the outline by angle, from -1 to 1. */
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

/** The traits of dog `index` of `seed`. Always the same for the same numbers. */
export function dogTraits(seed: number, index: number): DogTraits {
  const random = new RandomChoices(seed, index);
  const coat = random.weighted(COATS);
  const shape = random.weighted(coat.ears.map((name) => ({ name, weight: 1 }))).name;
  const long = shape === 'long';
  const flat = random.between(0, 1);
  const eyeColour = coat.blueEyes && random.chance(0.6) ? BLUE_EYE : random.weighted(EYES).colour;
  const oddEye = coat.blueEyes && random.chance(0.15) ? random.weighted(EYES).colour : eyeColour;
  const open = random.chance(0.45) ? random.between(0.4, 1) : 0;
  return {
    coat: jitterCoat(coat, random),
    ears: {
      shape,
      length: long ? random.between(38, 50) : shape === 'floppy' ? random.between(24, 36) : random.between(20, 30),
      width: random.between(13, 18),
      spread: random.between(-1, 1),
    },
    head: {
      width: random.between(27, 33),
      height: random.between(28, 33),
      taper: random.between(0.08, 0.3),
      cheeks: random.between(0, 1) * (coat.shaggy ? 1 : 0.4),
      shag: coat.shaggy ? random.between(0.35, 1) : random.between(0, 0.25),
    },
    snout: {
      width: 19 - 5 * flat + random.between(-1.5, 1.5),
      length: 12 + 6 * flat + random.between(-1, 1),
      noseWidth: random.between(5.2, 7.4),
      nose: coat.nose ?? [20, 12, random.between(9, 15)],
    },
    eyes: {
      radius: random.between(4.1, 5.7),
      spacing: random.between(12, 15.5),
      y: random.between(-9, -5),
      iris: [eyeColour, oddEye],
      lids: random.chance(0.2) ? random.between(0.15, 0.38) : 0,
    },
    mouth: { open, smile: random.between(0.3, 1), tongue: open > 0 && random.chance(0.8) },
    blaze: coat.blaze && random.chance(0.85) ? random.between(0.5, 1.3) : 0,
    patch: coat.patch && random.chance(0.75) ? random.pick(['left', 'right', 'both'] as const) : 'none',
    spots: coat.spots
      ? Array.from({ length: 14 }, () => ({
          x: random.between(-32, 32),
          y: random.between(-34, 26),
          radius: random.between(1.3, coat.spots === 'large' ? 6 : 3.2),
        }))
      : [],
    pose: {
      tilt: random.around(0, 9),
      turn: random.around(0, 0.42),
      x: random.around(0, 2),
      y: random.around(0, 1.5),
      scale: shape === 'pricked' ? random.between(0.95, 1.1) : random.between(1, 1.2),
    },
    collar: random.chance(0.5) ? random.pick(COLLARS) : null,
    scene: {
      kind: random.pick(['plain', 'glow', 'meadow', 'room'] as const),
      hue: random.between(0, 360),
      saturation: random.between(12, 45),
      light: random.between(48, 84),
    },
    light: random.between(-1, 1),
    jitter: Array.from({ length: 48 }, () => random.between(-1, 1)),
  };
}

function jitterCoat(coat: Coat, random: RandomChoices): Coat {
  const hue = random.around(0, 4);
  const light = random.around(0, 3.5);
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
class RandomChoices {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number, index: number) {
    // Generators with similar states give similar numbers at first and diverge within a few steps.
    this.#generator = xoroshiro128plusFromState([seed, index, 0x9e3779b9, 0x85ebca6b]);
    for (let i = 0; i < 32; i++) this.#generator.next();
  }

  between(low: number, high: number): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  /** Bell-shaped around `middle` with standard deviation `spread`, cut off at 2.5 standard deviations. */
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
