import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decodePhoto } from './decode-photo.ts';
import { HEIC, HEIC_P3 } from './heic.fixture.ts';
import { QUADRANTS, quadrants } from './photos.fixture.ts';
import { tiff } from './tiff.fixture.ts';

const SIZE = 16;
const PLAIN: DecodeOptions = { size: SIZE, photoSize: null, crop: 'center' };

function pixel(image: Uint8Array, x: number, y: number, size = SIZE): number[] {
  return [0, 1, 2].map((channel) => image[(y * size + x) * 3 + channel]!);
}

function expectQuadrants(image: Uint8Array, colours: readonly (readonly number[])[], tolerance: number): void {
  const seen = [pixel(image, 4, 4), pixel(image, 12, 4), pixel(image, 4, 12), pixel(image, 12, 12)];
  seen.forEach((colour, i) => {
    colour.forEach((value, channel) => {
      const difference = Math.abs(value - colours[i]![channel]!);
      expect(difference, `quadrant ${i}, channel ${channel}: ${colour} for ${colours[i]}`).toBeLessThanOrEqual(
        tolerance,
      );
    });
  });
}

/** Colours that ink can print. */
const MUTED = [
  [190, 110, 90],
  [110, 150, 110],
  [100, 110, 150],
  [200, 190, 140],
];
const grey = (value: number) => [value, value, value];
const GREYS = [grey(30), grey(90), grey(160), grey(230)];

describe('every format and colour mode comes out upright, in 8 bit sRGB', () => {
  test.each([
    ['JPEG', quadrants().jpeg({ quality: 95 }), 8],
    [
      'progressive JPEG without chroma subsampling',
      quadrants().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
      8,
    ],
    ['PNG', quadrants().png(), 1],
    ['palette PNG', quadrants().png({ palette: true }), 6],
    ['interlaced PNG', quadrants().png({ progressive: true }), 1],
    ['16 bit PNG', quadrants().toColourspace('rgb16').png(), 1],
    ['lossy WebP', quadrants().webp({ quality: 90 }), 14],
    ['lossless WebP', quadrants().webp({ lossless: true }), 1],
    ['AVIF', quadrants().avif({ quality: 80 }), 14],
    ['GIF', quadrants().gif(), 6],
    ['TIFF', quadrants().tiff({ compression: 'lzw' }), 1],
    ['JPEG in TIFF', quadrants().tiff({ compression: 'jpeg', quality: 95 }), 10],
    ['CMYK JPEG', quadrants(80, MUTED).toColourspace('cmyk').jpeg({ quality: 95 }), 12, MUTED],
    ['CMYK TIFF', quadrants(80, MUTED).toColourspace('cmyk').tiff(), 12, MUTED],
    ['Lab TIFF', quadrants().toColourspace('lab').tiff(), 3],
    ['JPEG with a Display P3 profile', quadrants().withIccProfile('p3').jpeg({ quality: 98 }), 10],
  ] as [string, Sharp, number, number[][]?][])('%s', async (_, picture, tolerance, colours) => {
    expectQuadrants(await decodePhoto(await picture.toBuffer(), PLAIN), colours ?? QUADRANTS, tolerance);
  });

  test.each([
    ['grey JPEG', quadrants(80, GREYS).toColourspace('b-w').jpeg({ quality: 95 })],
    ['grey PNG', quadrants(80, GREYS).toColourspace('b-w').png()],
    ['16 bit grey PNG', quadrants(80, GREYS).toColourspace('grey16').png()],
    ['grey TIFF', quadrants(80, GREYS).toColourspace('b-w').tiff()],
  ])('%s', async (_, picture) => {
    const file = await picture.toBuffer();
    expect((await sharp(file).metadata()).channels, 'the test file is grey').toBe(1);
    expectQuadrants(await decodePhoto(file, PLAIN), GREYS, 3);
  });

  test('a bilevel PNG', async () => {
    const ends = [grey(0), grey(255), grey(255), grey(0)];
    const file = await quadrants(80, ends).toColourspace('b-w').png({ palette: true, colours: 2 }).toBuffer();
    expectQuadrants(await decodePhoto(file, PLAIN), ends, 0);
  });

  test.each(['png', 'webp', 'avif', 'gif', 'tiff'] as const)('transparent %s on mid grey', async (format) => {
    const colours = QUADRANTS.map((colour, i) => [...colour, i < 2 ? 255 : 0]);
    const file = await quadrants(80, colours)
      .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : { quality: 90 })
      .toBuffer();
    expect((await sharp(file).metadata()).hasAlpha).toBe(true);
    expectQuadrants(await decodePhoto(file, PLAIN), [...QUADRANTS.slice(0, 2), grey(128), grey(128)], 14);
  });

  test('half transparent grey with alpha, blended', async () => {
    const file = await quadrants(
      80,
      QUADRANTS.map(() => [200, 200, 200, 128]),
    )
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await sharp(file).metadata()).channels).toBe(2);
    expectQuadrants(
      await decodePhoto(file, PLAIN),
      QUADRANTS.map(() => grey(164)),
      2,
    );
  });

  test.each(['gif', 'webp'] as const)('the first frame of an animated %s', async (format) => {
    const first = await quadrants().raw().toBuffer();
    const frames = Buffer.concat([first, Buffer.alloc(first.length)]);
    const raw = { width: 80, height: 160, channels: 3, pageHeight: 80 } as const;
    const file = await sharp(frames, { raw }).toFormat(format, { quality: 90 }).toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    expectQuadrants(await decodePhoto(file, PLAIN), QUADRANTS, 14);
  });

  // How the stored picture has to be turned to be upright (EXIF 2.3, tag 274).
  test.each([
    [1, (picture: Sharp) => picture],
    [2, (picture: Sharp) => picture.flop()],
    [3, (picture: Sharp) => picture.rotate(180)],
    [4, (picture: Sharp) => picture.flip()],
    [6, (picture: Sharp) => picture.rotate(270)],
    [8, (picture: Sharp) => picture.rotate(90)],
  ])('EXIF orientation %i', async (orientation, store) => {
    const stored = await store(quadrants()).png().toBuffer();
    const file = await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(file).metadata()).orientation).toBe(orientation);
    expectQuadrants(await decodePhoto(file, PLAIN), QUADRANTS, 8);
  });

  test('EXIF orientation of a photo that is not square: the crop is of the upright picture', async () => {
    // Upright: 60 wide, 180 high, its middle third green. Stored lying on its side.
    const thirds = [
      [200, 0, 0],
      [0, 200, 0],
      [0, 0, 200],
    ];
    const pixels = Buffer.from(
      Array.from({ length: 180 }, (_, y) => Array(60).fill(thirds[Math.floor(y / 60)])).flat(2),
    );
    const stored = await sharp(pixels, { raw: { width: 60, height: 180, channels: 3 } })
      .rotate(270)
      .png()
      .toBuffer();
    const file = await sharp(stored).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    expectQuadrants(await decodePhoto(file, PLAIN), Array(4).fill(thirds[1]), 12);
  });
});

describe('the square', () => {
  test("'center' is the middle; 'attention' is where the detail is", async () => {
    // 320x80 of plain grey with a loud, fine pattern at its left end.
    const pixels = Buffer.alloc(320 * 80 * 3, 100);
    for (let y = 0; y < 80; y++) {
      for (let x = 0; x < 60; x++)
        pixels.set((x >> 2) % 2 === (y >> 2) % 2 ? [250, 90, 20] : [20, 30, 120], (y * 320 + x) * 3);
    }
    const file = await sharp(pixels, { raw: { width: 320, height: 80, channels: 3 } })
      .png()
      .toBuffer();
    const center = await decodePhoto(file, PLAIN);
    expect(center.every((value) => value === 100)).toBe(true);
    const attention = await decodePhoto(file, { ...PLAIN, crop: 'attention' });
    expect(attention.filter((value) => value !== 100).length).toBeGreaterThan(SIZE * SIZE);
  });

  test.each([
    ['PNG', 'png'],
    ['JPEG, where a decoder could skip pixels', 'jpeg'],
  ] as const)('shrinks by area: fine stripes become their mean (%s)', async (_, format) => {
    const pixels = Buffer.from(
      Array.from({ length: 256 * 256 * 3 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 0 : 255)),
    );
    const file = await sharp(pixels, { raw: { width: 256, height: 256, channels: 3 } })
      .toFormat(format, { quality: 100 })
      .toBuffer();
    const image = await decodePhoto(file, PLAIN);
    for (const value of image) expect(Math.abs(value - 127.5)).toBeLessThan(4);
  });

  test('enlarges what is smaller', async () => {
    const file = await quadrants(20).png().toBuffer();
    const image = await decodePhoto(file, { ...PLAIN, size: 64 });
    expect(image).toHaveLength(3 * 64 * 64);
    expect(pixel(image, 10, 10, 64)).toEqual([...QUADRANTS[0]]);
    expect(pixel(image, 54, 54, 64)).toEqual([...QUADRANTS[3]]);
  });

  test('photoSize: detail that a photo of that size cannot show is gone', async () => {
    const pixels = Buffer.from(
      Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 12) % 2 === 0 ? 40 : 200)),
    );
    const file = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    const contrast = async (photoSize: number | null) => {
      const image = await decodePhoto(file, { size: 32, photoSize, crop: 'center' });
      return Math.max(...image) - Math.min(...image);
    };
    expect(await contrast(null)).toBeGreaterThan(150);
    expect(await contrast(64)).toBeGreaterThan(150);
    expect(await contrast(8)).toBeLessThan(60);
  });
});

describe('what is skipped', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('a truncated %s', async (format) => {
    // Noise, so that half the file is half the picture.
    const noise = Buffer.from(Array.from({ length: 96 * 96 * 3 }, (_, i) => (i * 2654435761) % 251));
    const file = await sharp(noise, { raw: { width: 96, height: 96, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    await expect(decodePhoto(file.subarray(0, file.length >> 1), PLAIN)).rejects.toMatchObject({ category: 'broken' });
    await expect(decodePhoto(file.subarray(0, 30), PLAIN)).rejects.toMatchObject({ category: 'broken' });
  });

  test('a PNG with damaged data', async () => {
    const file = await quadrants().png().toBuffer();
    file.fill(0xaa, file.length >> 1, (file.length >> 1) + 20);
    await expect(decodePhoto(file, PLAIN)).rejects.toMatchObject({ category: 'broken' });
  });

  test('a short side under 16 pixels, but not one of 16', async () => {
    const strip = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#123456' } })
        .png()
        .toBuffer();
    await expect(decodePhoto(await strip(1, 1), PLAIN)).rejects.toMatchObject({ category: 'too small' });
    await expect(decodePhoto(await strip(400, 15), PLAIN)).rejects.toThrow('too small: 400x15 pixels');
    expect(pixel(await decodePhoto(await strip(3000, 16), PLAIN), 8, 8)).toEqual([0x12, 0x34, 0x56]);
    expect(pixel(await decodePhoto(await strip(16, 3000), PLAIN), 8, 8)).toEqual([0x12, 0x34, 0x56]);
  });

  test('a small file that claims to be enormous', async () => {
    // Width and height of a PNG are bytes 16 to 23, the checksum of its first chunk is at 29.
    const file = await quadrants().png().toBuffer();
    file.writeUInt32BE(60_000, 16);
    file.writeUInt32BE(60_000, 20);
    file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
    await expect(decodePhoto(file, PLAIN)).rejects.toMatchObject({ category: 'too large' });
  });

  test('the reason is one line', async () => {
    const file = await quadrants().png().toBuffer();
    await expect(decodePhoto(file.subarray(0, 60), PLAIN)).rejects.toThrow(/^broken: .+$/);
  });
});

describe('HEIC', () => {
  test.each([
    ['without a profile', HEIC],
    ['with a Display P3 profile', HEIC_P3],
  ])('%s comes out in sRGB', async (_, file) => {
    expectQuadrants(await decodePhoto(file, PLAIN), QUADRANTS, 8);
  });

  test('several at once, a damaged one among them', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        decodePhoto(i === 5 ? HEIC.subarray(0, 500) : i === 7 ? HEIC.subarray(0, 200) : HEIC, PLAIN),
      ),
    );
    for (const [i, result] of all.entries()) {
      if (i === 5 || i === 7) expect(result).toMatchObject({ status: 'rejected', reason: { category: 'broken' } });
      else expectQuadrants((result as PromiseFulfilledResult<Uint8Array>).value, QUADRANTS, 8);
    }
  });
});

describe('TIFF that is no photo of 8 or 16 bits is skipped, never black', () => {
  const [width, height] = [32, 24];
  const samples = { width, height, samples: new Float32Array(3 * width * height).fill(0.5), sampleFormat: 3 };

  test.each<[string, Parameters<typeof tiff>[0], string?]>([
    ['float', samples],
    [
      'CIELAB',
      { width, height, samples: new Uint8Array(3 * width * height).fill(90), photometric: 8 },
      'export it as RGB',
    ],
    ['signed', { width, height, samples: new Int16Array(3 * width * height).fill(20_000), sampleFormat: 2 }],
  ])('%s', async (_, options, advice = 'export it with 8 or 16 bits') => {
    await expect(decodePhoto(tiff(options), PLAIN)).rejects.toMatchObject({
      category: 'not a supported image',
      message: expect.stringContaining(advice),
    });
  });

  test.each([
    ['a DNG', { 50706: 0x401 }, 'DNG'],
    ['a preview, as in NEF and ARW', { 254: 1, 330: 8 }, 'camera raw'],
    ['sensor data', { 262: 32_803 }, 'camera raw'],
  ])('camera raw: %s', async (_, tags, word) => {
    const preview = new Uint8Array(3 * width * height).fill(90);
    const file = tiff({ width, height, samples: preview, tags });
    await expect(decodePhoto(file, PLAIN)).rejects.toMatchObject({
      category: 'camera raw',
      message: expect.stringContaining(word),
    });
    expect(pixel(await decodePhoto(tiff({ width, height, samples: preview }), PLAIN), 8, 8)).toEqual([90, 90, 90]);
  });
});
