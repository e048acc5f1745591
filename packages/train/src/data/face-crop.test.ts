import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decodePhoto } from './decode-photo.ts';

const OPTIONS: DecodeOptions = { size: 32, photoSize: null, crop: 'face' };

/** A face that models/dogs-64 generated, of side x side pixels. */
const dogFace = (index: number, side: number) =>
  sharp(join(import.meta.dirname, '../../../face-finder/src/testing/generated-dogs.webp'))
    .extract({ left: 64 * index, top: 0, width: 64, height: 64 })
    .resize(side, side)
    .png()
    .toBuffer();

/** A green picture with a dog's face near its upper left corner. */
const dogPhoto = async (side = 220, scale = 1) =>
  sharp({ create: { width: 600 * scale, height: 400 * scale, channels: 3, background: '#4a9a38' } }).composite([
    { input: await dogFace(0, side), left: 40 * scale, top: 60 * scale },
  ]);

const isGreen = ([r, g, b]: number[]) =>
  Math.abs(r! - 0x4a) < 12 && Math.abs(g! - 0x9a) < 12 && Math.abs(b! - 0x38) < 12;

/** The share of green pixels. */
function green(image: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < image.length; at += 3) if (isGreen([...image.subarray(at, at + 3)])) count++;
  return (3 * count) / image.length;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (const [i, value] of a.entries()) sum += Math.abs(value - b[i]!);
  return sum / a.length;
}

describe("crop 'face'", () => {
  test('keeps the face and little else', async () => {
    const file = await (await dogPhoto()).png().toBuffer();
    expect(green(await decodePhoto(file, OPTIONS))).toBeLessThan(0.4);
    // The middle of the photo is nearly all green.
    expect(green(await decodePhoto(file, { ...OPTIONS, crop: 'center' }))).toBeGreaterThan(0.6);
  });

  test('of a large photo it is the same part as of a small one', async () => {
    const small = await decodePhoto(await (await dogPhoto()).png().toBuffer(), OPTIONS);
    const large = await decodePhoto(await (await dogPhoto(4 * 220, 4)).png().toBuffer(), OPTIONS);
    expect(meanDifference(small, large)).toBeLessThan(12);
  });

  // How the stored picture has to be turned to be upright (EXIF 2.3, tag 274).
  test.each([
    [3, 180],
    [6, 270],
    [8, 90],
  ])('is cut from the upright photo: EXIF orientation %i', async (orientation, degrees) => {
    const upright = await (await dogPhoto()).png().toBuffer();
    const stored = await sharp(upright).rotate(degrees).withMetadata({ orientation }).png().toBuffer();
    expect((await sharp(stored).metadata()).orientation).toBe(orientation);
    const [a, b] = [await decodePhoto(stored, OPTIONS), await decodePhoto(upright, OPTIONS)];
    // The square may be another by a pixel. A square of the photo as it is stored would show something else.
    expect(meanDifference(a, b)).toBeLessThan(4);
  });

  test('skips a photo without a face', async () => {
    const file = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#4a9a38' } })
      .png()
      .toBuffer();
    await expect(decodePhoto(file, OPTIONS)).rejects.toMatchObject({ name: 'SkippedPhoto', category: 'no face found' });
  });

  test('skips a photo whose face has fewer than 16 pixels', async () => {
    const file = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#4a9a38' } })
      .composite([{ input: await dogFace(0, 11), left: 4, top: 4 }])
      .png()
      .toBuffer();
    await expect(decodePhoto(file, OPTIONS)).rejects.toMatchObject({ category: 'face too small' });
  });
});
