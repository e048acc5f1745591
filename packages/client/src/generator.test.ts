import { labelLatent, latentFromSeed, parseSeed, slerp } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { createGenerator } from './generator.ts';

const model = {
  name: 'two-dogs',
  size: 2,
  latentSize: 4,
  generator: { file: 'generator.onnx', sha256: '', bytes: 1 },
  directions: [
    { name: 'coat: light', vector: [1, 0, 0, 0], deviation: 2 },
    { name: null, vector: [0, 1, 0, 0], deviation: 3 },
  ],
};

/** Remembers z; every picture is grey. */
function recordingEngine() {
  const zs: Float32Array[] = [];
  const engine: Engine = {
    provider: 'wasm',
    run: async (z) => {
      zs.push(z);
      return new Uint8Array(16).fill(128);
    },
    dispose: async () => {},
  };
  return { zs, dogs: createGenerator(model, engine) };
}

const z = (seed: string) => latentFromSeed(parseSeed(seed), 4);

test('the picture of a seed is that of its z, truncated, then moved along directions', async () => {
  const { dogs, zs } = recordingEngine();
  const picture = await dogs.generate('luna', { psi: 0.5, dials: { 'coat: light': 1.5, 1: -1 } });
  const [a, b, c, d] = z('luna').map((value) => value * 0.5);
  expect(zs).toEqual([Float32Array.of(a! + 3, b! - 3, c!, d!)]);
  expect(picture).toEqual({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(128), colorSpace: 'srgb' });
});

test('a dog may be a seed, a number or a point', async () => {
  const { dogs, zs } = recordingEngine();
  await dogs.generate('7');
  await dogs.generate(7);
  await dogs.generate(dogs.latent(7));
  expect(zs).toEqual([z('7'), z('7'), z('7')]);
});

test('a puppy is the one of the gallery, whose label it has', async () => {
  const { dogs, zs } = recordingEngine();
  const puppy = labelLatent('(anna*ben)3', 4);
  await dogs.generate('(anna*ben)3');
  await dogs.morph('(anna*ben)3', 'cleo')(0);
  expect(zs).toEqual([puppy, puppy]);
  // Not the seed that is spelled like the label.
  expect(puppy).not.toEqual(z('(anna*ben)3'));
});

test('morph, mix and dial are functions of a place; options of a call replace those before', async () => {
  const { dogs, zs } = recordingEngine();
  await dogs.morph('anna', 'ben')(0.25);
  await dogs.mix(['anna', 'ben', 'cleo', 'dino'])({ x: 1, y: 1 });
  await dogs.dial('anna', 'coat: light', { psi: 0 })(2);
  await dogs.dial('anna', 1, { psi: 0.5, dials: { 0: 1 } })(2, { psi: 0 });
  expect(zs).toEqual([
    slerp(z('anna'), z('ben'), 0.25),
    z('dino'),
    Float32Array.of(4, 0, 0, 0),
    Float32Array.of(2, 6, 0, 0),
  ]);
});

test.each([
  ['an empty seed', () => recordingEngine().dogs.generate(''), 'The seed is empty'],
  ['a point of another size', () => recordingEngine().dogs.generate(new Float32Array(3)), 'z must be 4 finite numbers'],
  ['no number', () => recordingEngine().dogs.generate(Float32Array.of(1, 2, 3, Number.NaN)), 'z must be 4 finite'],
  ['a truncation', () => recordingEngine().dogs.generate('a', { psi: 3 }), 'Truncation 3 is invalid'],
  ['a place', async () => recordingEngine().dogs.morph('a', 'b')(2), 't = 2 is invalid'],
  ['a corner too many', async () => recordingEngine().dogs.mix(['a', 'b', 'c', 'd', 'e']), '1 to 4 dogs; got 5'],
  [
    'a direction',
    async () => recordingEngine().dogs.dial('a', 'tail'),
    'The direction "tail" is unknown: the model two-dogs has 0 to 1, "coat: light".',
  ],
  ['a distance', () => recordingEngine().dogs.generate('a', { dials: { 0: Number.POSITIVE_INFINITY } }), 'finite'],
])('refuses %s that is not legal', async (_, work, message) => {
  const error = await work().catch((error) => error);
  expect(error).toMatchObject({ name: 'GeneratorError', code: 'invalid-input' });
  expect(error.message).toContain(message);
});

test('generates nothing once disposed of', async () => {
  const { dogs, zs } = recordingEngine();
  const at = dogs.morph('a', 'b');
  await dogs.dispose();
  await expect(at(0)).rejects.toMatchObject({ code: 'disposed' });
  expect(zs).toEqual([]);
});
