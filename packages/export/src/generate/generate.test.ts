import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { smallConfig } from '@latent-dogs/dcgan/trained-tensors';
import { partialName } from '@latent-dogs/files';
import { labelLatent, latentFromSeed, parseDogList, UserError } from '@latent-dogs/latent';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exportModel } from '../export/export-model.ts';
import { makeRun } from '../export/testing/trained-run.ts';
import { listed, mistakable } from './cli.ts';
import { type GenerateOptions, generate } from './generate.ts';

let root: string;
let model: string;
let out: string;
beforeAll(async () => {
  const run = await makeRun(smallConfig());
  root = dirname(run);
  model = join(root, 'models', 'dogs-64');
  await exportModel({
    run,
    out: model,
    precision: 'fp32',
    checkpoint: 'latest',
    training: true,
    names: [],
    demo: false,
    force: false,
  });
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  out = await mkdtemp(join(root, 'out-'));
});

const options = (seeds: string, changes: Partial<GenerateOptions> = {}): GenerateOptions => ({
  seeds: parseDogList(seeds),
  model,
  out: join(out, 'grid.png'),
  psi: 1,
  columns: null,
  scale: 1,
  filter: 'nearest',
  ...changes,
});

async function rgba(file: string) {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The square at (row, column) of a sheet, as bytes. */
async function tile(file: string, row: number, column: number, size = 64): Promise<Buffer> {
  return sharp(file)
    .extract({ left: column * size, top: row * size, width: size, height: size })
    .ensureAlpha()
    .raw()
    .toBuffer();
}

test('a sheet lies row by row, each picture that of its seed alone', async () => {
  expect(await generate(options('0-6,rex', { columns: 3 }))).toEqual([join(out, 'grid.png')]);
  await generate(options('0-6,rex', { out: `${out}/{seed}.png` }));
  const { width, height } = await rgba(join(out, 'grid.png'));
  expect([width, height]).toEqual([192, 192]);
  for (const [n, label] of ['0', '1', '2', '3', '4', '5', '6', 'rex'].entries()) {
    const single = await rgba(join(out, `${label}.png`));
    expect(single.data.equals(await tile(join(out, 'grid.png'), Math.floor(n / 3), n % 3))).toBe(true);
  }
  // The ninth place is empty.
  expect((await tile(join(out, 'grid.png'), 2, 2)).every((byte) => byte === 0)).toBe(true);
});

test('the pictures are what the model makes of the seed, and differ', async () => {
  await generate(options('7,8', { out: `${out}/` }));
  const session = await InferenceSession.create(join(model, 'generator.onnx'));
  const { pixels } = await session.run({ z: new Tensor('float32', latentFromSeed(7, 16), [1, 16]) });
  expect((await rgba(join(out, '7.png'))).data.equals(Buffer.from(pixels!.data as Uint8Array))).toBe(true);
  expect((await rgba(join(out, '8.png'))).data.equals((await rgba(join(out, '7.png'))).data)).toBe(false);
});

test('the same seed is the same file, whatever else is asked for', async () => {
  await generate(options('42', { out: `${out}/a-{seed}.png` }));
  await generate(options('1-5,42,luna', { out: `${out}/b-{seed}.png` }));
  expect(await readFile(join(out, 'a-42.png'))).toEqual(await readFile(join(out, 'b-42.png')));
});

test('a puppy is the dog of its label, and its file says whose it is', async () => {
  const puppy = '(anna*(rex*luna)8)3';
  const [file] = await generate(options(`${puppy},anna`, { out: `${out}/` }));
  expect(basename(file!)).toMatch(/^anna-rex-luna-8-3-\d+\.png$/);
  const session = await InferenceSession.create(join(model, 'generator.onnx'));
  const { pixels } = await session.run({ z: new Tensor('float32', labelLatent(puppy, 16), [1, 16]) });
  expect((await rgba(file!)).data.equals(Buffer.from(pixels!.data as Uint8Array))).toBe(true);
});

test('labels of many generations and of letters of four bytes make names that fit', async () => {
  const old = Array.from({ length: 8 }, (_, i) => i).reduce(
    (label, i) => `(${label}*\u{10400}${i})1`,
    '\u{10400}'.repeat(20),
  );
  const files = await generate(
    options(`${old},${'\u{10400}'.repeat(63)}!,${old.replace('*', '*x')}`, { out: `${out}/` }),
  );
  expect(new Set(files).size).toBe(3);
  for (const file of files) expect(Buffer.byteLength(basename(file))).toBeLessThanOrEqual(240);
});

test('without columns a sheet is as square as can be', async () => {
  await generate(options('1-10'));
  const { width, height } = await rgba(join(out, 'grid.png'));
  expect([width, height]).toEqual([4 * 64, 3 * 64]);
});

test('psi 0 makes one dog of all seeds, which 1 does not', async () => {
  await generate(options('1,2', { out: `${out}/`, psi: 0 }));
  expect(await readFile(join(out, '1.png'))).toEqual(await readFile(join(out, '2.png')));
});

test('nearest makes blocks, lanczos does not, and neither mixes neighbours of a sheet', async () => {
  await generate(options('1', { out: `${out}/small-{seed}.png` }));
  await generate(options('1', { out: `${out}/large-{seed}.png`, scale: 3 }));
  await generate(options('1', { out: `${out}/soft-{seed}.png`, scale: 3, filter: 'lanczos' }));
  await generate(options('0,1', { scale: 3, filter: 'lanczos' }));
  const [small, large, soft] = await Promise.all(
    ['small', 'large', 'soft'].map((name) => rgba(join(out, `${name}-1.png`))),
  );
  expect([large!.width, large!.height]).toEqual([192, 192]);
  for (let y = 0; y < 192; y++) {
    for (let x = 0; x < 192; x++) {
      const from = 4 * (Math.floor(y / 3) * 64 + Math.floor(x / 3));
      const at = 4 * (y * 192 + x);
      if (!large!.data.subarray(at, at + 4).equals(small!.data.subarray(from, from + 4)))
        throw new Error(`at ${x}, ${y}`);
    }
  }
  expect(soft!.data.equals(large!.data)).toBe(false);
  expect(soft!.data.equals(await tile(join(out, 'grid.png'), 0, 1, 192))).toBe(true);
});

test('names that Windows keeps for devices get the number', async () => {
  const files = await generate(options('CON,nul,aux.x,com1,console', { out: `${out}/` }));
  expect(files.map((file) => basename(file))).toEqual([
    expect.stringMatching(/^CON-\d+\.png$/),
    expect.stringMatching(/^nul-\d+\.png$/),
    expect.stringMatching(/^aux-x-\d+\.png$/),
    expect.stringMatching(/^com1-\d+\.png$/),
    'console.png',
  ]);
});

test('seeds that look like numbers and are words; long lists of files', () => {
  expect(mistakable(parseDogList('0-2,1.5,-1,0x10,4294967296,0-,rex,rex-1,007,1e6,2024-01-01'))).toEqual([
    ...['1.5', '-1', '0x10', '4294967296', '0-', '007', '1e6', '2024-01-01'],
  ]);
  expect(listed(['a', 'b'])).toBe('a\nb');
  expect(listed(Array.from({ length: 100 }, (_, i) => `${i}.png`))).toBe('0.png to 99.png');
});

test('file names are safe, and those of different seeds differ', async () => {
  const files = await generate(options('../x,a/b,a:b,..,!,?,007', { out: `${out}/` }));
  expect(new Set(files).size).toBe(7);
  expect((await readdir(out)).length).toBe(7);
  expect(files).toContain(join(out, '007.png'));
});

test.each(['jpg', 'JPEG', 'webp'])('a name that ends in .%s is a file of that format', async (ending) => {
  const [file] = await generate(options('1,2,3', { out: join(out, `grid.${ending}`) }));
  const { format, width, height } = await sharp(file).metadata();
  expect([format, width, height]).toEqual([ending === 'webp' ? 'webp' : 'jpeg', 128, 128]);
  await generate(options('1,2,3'));
  const [lossy, exact] = await Promise.all([rgba(file!), rgba(join(out, 'grid.png'))]);
  // The fourth tile is empty: transparent, so its colours are free.
  const shown = (i: number) => i % 4 < 3 && exact.data[i - (i % 4) + 3] === 255;
  const differences = exact.data.map((value, i) => Math.abs(value - lossy.data[i]!)).filter((_, i) => shown(i));
  expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(8);
});

test('the largest sheet that is legal is written, in little memory', { tags: 'slow' }, async () => {
  const [file] = await generate(options('1,2', { columns: 1, scale: 32 }));
  const { width, height } = await sharp(file, { limitInputPixels: false }).metadata();
  expect([width, height]).toEqual([2_048, 4_096]);
  // 250 x 2 pictures of 64 pixels: 32,000 x 256 before enlarging, over the 16,383 x 16,383 that sharp allows by itself afterwards.
  await generate(options('0-499', { columns: 250, scale: 2 }));
  expect(await sharp(join(out, 'grid.png'), { limitInputPixels: false }).metadata()).toMatchObject({
    width: 32_000,
    height: 256,
  });
});

describe('what is refused', () => {
  test('a sheet too large, before any picture is made', async () => {
    await expect(generate(options('0-9999', { scale: 32 }))).rejects.toThrow(/lower --scale/);
    await expect(generate(options('0-224', { scale: 32, filter: 'lanczos' }))).rejects.toThrow(/--filter nearest/);
  });

  test.each([
    ['grid.bmp', 'does not end in .png, .jpg, .jpeg, .webp'],
    ['grid', "with a slash: '"],
    ['{seeds}.png', "'{seeds}' in"],
    ['.', 'is a folder; for single files in it write'],
  ])('--out %s', async (name, message) => {
    await expect(generate(options('1', { out: join(out, name) }))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message),
    });
    expect(await readdir(out)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('a place where no folder can be made', async () => {
    await expect(generate(options('1', { out: '/proc/no/x.png' }))).rejects.toThrow(
      /^--out: can't write .*no such file/,
    );
  });

  test.runIf(process.platform === 'linux')('a full disk: it is named, and nothing half written is left', async () => {
    await writeFile(join(out, 'grid.png'), 'before');
    // The next name that is used.
    const partial = partialName(join(out, 'grid.png')).replace(/\d+(?=\.partial$)/, (n) => String(Number(n) + 1));
    await symlink('/dev/full', partial);
    await expect(generate(options('0-63'))).rejects.toThrow(
      `--out: can't write '${join(out, 'grid.png')}': the disk is full: free some space`,
    );
    expect(await readdir(out)).toEqual(['grid.png']);
    expect(await readFile(join(out, 'grid.png'), 'utf8')).toBe('before');
  });

  test('a place that cannot be written to', async () => {
    await writeFile(join(out, 'file'), '');
    await expect(generate(options('1', { out: join(out, 'file', 'grid.png') }))).rejects.toThrow(UserError);
  });

  test('a model that is not whole', async () => {
    await expect(generate(options('1', { model: out }))).rejects.toThrow(/holds no model .*pnpm export/);
  });
});
