/** @module Pictures of the model as it is now, a few at a time: the fixed faces and a closed walk. */

import { SAMPLE_BATCH, SAMPLES } from '@latent-dogs/dcgan';
import { deriveSeed, NormalStream, slerp } from '@latent-dogs/latent';
import type { PreviewKind } from './protocol.ts';

const EVERY_MILLISECONDS = 1_000;
/** Pictures take at most this share of the time. */
const LARGEST_SHARE = 0.05;
const LEGS = 4;

type Sample = (z: Float32Array) => Promise<Float32Array>;

interface Portion {
  readonly kind: PreviewKind;
  /** Number of its first picture. */
  readonly from: number;
  /** [SAMPLE_BATCH, latent]. */
  readonly z: Float32Array;
}

export class Previews {
  readonly #portions: Record<PreviewKind, readonly Portion[]>;
  readonly #show: (kind: PreviewKind, from: number, pictures: Float32Array) => void;
  /** How many portions have been shown. */
  #shown = 0;
  /** The most faces that have been looked at. */
  #faces = 0;
  /** No pictures before this time, milliseconds. */
  #due = 0;

  /** @param show is given pictures [SAMPLE_BATCH, size, size, 3] in [-1, 1], and the number of the first one, of 64 */
  constructor(
    { seed, latent }: { seed: number; latent: number },
    show: (kind: PreviewKind, from: number, pictures: Float32Array) => void,
  ) {
    const draw = (purpose: string, count: number) =>
      new NormalStream(deriveSeed(seed, purpose)).fill(new Float32Array(count * latent));
    // The same faces as on the run's sheets.
    const z: Record<PreviewKind, Float32Array> = {
      faces: draw('sheets', SAMPLES),
      morph: walk(draw('walk', LEGS), latent),
    };
    const portions = (kind: PreviewKind): readonly Portion[] =>
      Array.from({ length: SAMPLES / SAMPLE_BATCH }, (_, i) => i * SAMPLE_BATCH).map((from) => ({
        kind,
        from,
        z: z[kind].slice(from * latent, (from + SAMPLE_BATCH) * latent),
      }));
    this.#portions = { faces: portions('faces'), morph: portions('morph') };
    this.#show = show;
  }

  /**
   * If it is time, shows as many portions as the share of the time allows: of faces and of the walk by turns. At first, and when more faces are looked at, it shows all.
   *
   * @param faces how many of the faces are looked at
   */
  async maybe(sample: Sample, faces: number): Promise<void> {
    const began = performance.now();
    if (began < this.#due) return;
    if (faces > this.#faces) this.#shown = 0;
    this.#faces = Math.max(faces, this.#faces);
    const watched = this.#portions.faces.filter(({ from }) => from < faces);
    const kinds = [watched, this.#portions.morph];
    const all = kinds.length * Math.max(...kinds.map(({ length }) => length));
    let [spent, count] = [0, 0];
    do {
      const of = kinds[this.#shown % kinds.length]!;
      const { kind, from, z } = of[Math.floor(this.#shown / kinds.length) % of.length]!;
      this.#show(kind, from, await sample(z));
      this.#shown += 1;
      count += 1;
      spent = performance.now() - began;
    } while (count < all && (this.#shown < all || spent + spent / count <= LARGEST_SHARE * EVERY_MILLISECONDS));
    this.#due = began + Math.max(EVERY_MILLISECONDS, spent / LARGEST_SHARE);
  }
}

/** A closed walk through `stations` [4, latent] in 64 equal parts. */
function walk(stations: Float32Array, latent: number): Float32Array {
  const station = (i: number) => stations.slice((i % LEGS) * latent, ((i % LEGS) + 1) * latent);
  const z = new Float32Array(SAMPLES * latent);
  for (let i = 0; i < SAMPLES; i++) {
    const at = (i * LEGS) / SAMPLES;
    z.set(slerp(station(Math.floor(at)), station(Math.floor(at) + 1), at % 1), i * latent);
  }
  return z;
}
