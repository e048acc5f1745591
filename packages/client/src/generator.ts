/** @module The generator as the package's users see it, on any engine. */
import {
  labelLatent,
  latentFromSeed,
  mix,
  moveAlong,
  parseSeed,
  slerp,
  truncate,
  UserError,
} from '@latent-dogs/latent';
import type { Engine } from './engine.ts';
import { GeneratorError } from './generator-error.ts';
import type { Dog, GenerateOptions, Generator, ModelDescription, Picture } from './types.ts';

export function createGenerator(model: ModelDescription, engine: Engine): Generator {
  const { size, latentSize } = model;
  let isDisposed = false;

  const latent = (dog: Dog) => legal(() => latentOf(dog, latentSize));
  const picture = async (
    z: () => Float32Array<ArrayBuffer>,
    { psi = 1, dials = {}, signal }: GenerateOptions,
  ): Promise<Picture> => {
    signal?.throwIfAborted();
    if (isDisposed) throw new GeneratorError('disposed', 'The generator was disposed of.');
    const point = legal(() => moveAlong(truncate(z(), psi), model.directions, distancesOf(dials, model)));
    return asPicture(await engine.run(point, signal), size);
  };

  return {
    model,
    get provider() {
      return engine.provider;
    },
    latent,
    generate: (dog, options = {}) => picture(() => latentOf(dog, latentSize), options),
    morph: (from, to, always = {}) => {
      const [a, b] = [latent(from), latent(to)];
      return (t, options = {}) => picture(() => slerp(a, b, t), { ...always, ...options });
    },
    mix: (dogs, always = {}) => {
      const zs = dogs.map(latent);
      legal(() => mix(zs, { x: 0, y: 0 }));
      return (place, options = {}) => picture(() => mix(zs, place), { ...always, ...options });
    },
    dial: (dog, direction, always = {}) => {
      const z = latent(dog);
      const index = legal(() => directionIndex(String(direction), model));
      return (distance, options = {}) => {
        const { dials, ...rest } = { ...always, ...options };
        return picture(() => z, { ...rest, dials: { ...dials, [index]: distance } });
      };
    },
    dispose: async () => {
      isDisposed = true;
      await engine.dispose();
    },
  };
}

function latentOf(dog: Dog, latentSize: number): Float32Array<ArrayBuffer> {
  if (typeof dog === 'string') return labelLatent(dog, latentSize);
  if (typeof dog === 'number') return latentFromSeed(parseSeed(dog), latentSize);
  if (dog.length === latentSize && dog.every(Number.isFinite)) return Float32Array.from(dog);
  throw new UserError(`z must be ${latentSize} finite numbers; got ${dog.length}, or one that is not finite.`);
}

/** Distances by the index of the direction. @throws UserError for an unknown direction or a distance that is no number */
function distancesOf(dials: Readonly<Record<string, number>>, model: ModelDescription): number[] {
  const distances: number[] = [];
  for (const [direction, distance] of Object.entries(dials)) {
    if (!Number.isFinite(distance)) throw new UserError(`The distance along "${direction}" must be a finite number.`);
    distances[directionIndex(direction, model)] = distance;
  }
  return distances;
}

function directionIndex(direction: string, { name, directions }: ModelDescription): number {
  const named = directions.findIndex((one) => one.name === direction);
  if (named >= 0) return named;
  if (/^\d+$/.test(direction) && Number(direction) < directions.length) return Number(direction);
  const names = directions.flatMap((one) => (one.name === null ? [] : [`"${one.name}"`]));
  const legal = [`0 to ${directions.length - 1}`, ...names].join(', ');
  throw new UserError(
    directions.length === 0
      ? `The model ${name} has no directions.`
      : `The direction "${direction}" is unknown: the model ${name} has ${legal}.`,
  );
}

/** Runs `work`; a user's mistake becomes this package's error. */
function legal<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw new GeneratorError('invalid-input', error.message);
    throw error;
  }
}

function asPicture(pixels: Uint8Array, size: number): Picture {
  // A copy where the pixels are part of ONNX Runtime's memory, which the next run overwrites.
  const data = new Uint8ClampedArray(pixels);
  if (typeof ImageData === 'function') return new ImageData(data, size, size) as Picture;
  return { width: size, height: size, data, colorSpace: 'srgb' };
}
