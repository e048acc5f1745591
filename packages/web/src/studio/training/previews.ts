/** @module Pictures of the model as it is now: by turns the fixed faces and a closed walk. */
import { SAMPLES } from '@latent-dogs/dcgan';
import { deriveSeed, NormalStream, slerp } from '@latent-dogs/latent';

const LEAST_MILLISECONDS = 1_500;
/** Pictures take at most this share of the time. */
const LARGEST_SHARE = 0.1;
const LEGS = 4;

type Sample = (z: Float32Array) => Promise<Float32Array>;
type Kind = 'faces' | 'morph';

export class Previews {
  readonly #z: Record<Kind, Float32Array>;
  readonly #show: (kind: Kind, pictures: Float32Array) => void;
  #next: Kind = 'faces';
  /** No pictures before this time, milliseconds. */
  #due = 0;

  /** @param show is given pictures [64, size, size, 3] in [-1, 1] */
  constructor({ seed, latent }: { seed: number; latent: number }, show: (kind: Kind, pictures: Float32Array) => void) {
    const draw = (purpose: string, count: number) =>
      new NormalStream(deriveSeed(seed, purpose)).fill(new Float32Array(count * latent));
    // The same faces as on the run's sheets.
    this.#z = { faces: draw('sheets', SAMPLES), morph: walk(draw('walk', LEGS), latent) };
    this.#show = show;
  }

  /** Shows pictures if it is time. */
  async maybe(sample: Sample): Promise<void> {
    const began = performance.now();
    if (began < this.#due) return;
    this.#show(this.#next, await sample(this.#z[this.#next]));
    this.#next = this.#next === 'faces' ? 'morph' : 'faces';
    const now = performance.now();
    this.#due = now + Math.max(LEAST_MILLISECONDS, (now - began) * (1 / LARGEST_SHARE - 1));
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
