/** @module What `pnpm generate` and the gallery make: the pictures that the package must make, too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labelLatent, slerp, truncate } from '@latent-dogs/latent';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect } from 'vitest';

export const MODEL = join(import.meta.dirname, '../../../../models/dogs-64');

/** Pictures by the name of the test's case: RGBA, [64, 64, 4]. */
export async function referencePictures(): Promise<Record<keyof typeof PICTURES, Uint8Array>> {
  const { latentSize } = JSON.parse(await readFile(join(MODEL, 'model.json'), 'utf8'));
  const session = await InferenceSession.create(join(MODEL, 'generator.onnx'));
  const dog = (label: string) => labelLatent(label, latentSize);
  const picture = async (z: Float32Array) => {
    const { pixels } = await session.run({ z: new Tensor('float32', z, [1, latentSize]) }, ['pixels']);
    return pixels!.data as Uint8Array;
  };
  const pictures = {
    luna: await picture(dog('luna')),
    truncated: await picture(truncate(dog('4294967295'), 0.7)),
    puppy: await picture(dog('(anna*ben)3')),
    morph: await picture(truncate(slerp(dog('anna'), dog('ben'), 0.25), 0.7)),
  };
  await session.release();
  return pictures;
}

/** The same pictures by the package: the source text of an expression with the generator `dogs`. */
export const PICTURES = {
  luna: `dogs.generate('luna')`,
  truncated: `dogs.generate(4294967295, { psi: 0.7 })`,
  puppy: `dogs.generate('(anna*ben)3')`,
  morph: `dogs.morph('anna', 'ben', { psi: 0.7 })(0.25)`,
} as const;

/** An expression for all of them: a promise of `{name: [...bytes]}`. */
export const ALL_PICTURES = `(async () => ({
  ${Object.entries(PICTURES)
    .map(([name, expression]) => `${name}: Array.from((await ${expression}).data)`)
    .join(',\n')}
}))()`;

/** The same to 1 of 255: runtimes round the last digit of a sum differently. */
export function expectSamePictures(
  actual: Record<string, readonly number[]>,
  expected: Record<string, Uint8Array>,
): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, picture] of Object.entries(expected)) {
    const pixels = actual[name]!;
    expect(pixels.length).toBe(picture.length);
    const largest = picture.reduce((most, value, i) => Math.max(most, Math.abs(value - pixels[i]!)), 0);
    expect(largest, name).toBeLessThanOrEqual(1);
  }
}
