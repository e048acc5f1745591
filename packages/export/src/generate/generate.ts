/** @module Seeds to picture files. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { cannotWrite, grouped } from '@latent-dogs/command-line';
import { makeFolder, moveInPlace, partialName } from '@latent-dogs/files';
import { deriveSeed, type NamedDog, UserError } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import sharp, { type Sharp } from 'sharp';
import { type Picture, pictureGrid } from './picture-grid.ts';

export interface GenerateOptions {
  seeds: readonly NamedDog[];
  /** A model folder. */
  model: string;
  /** `grid.png`: one sheet; `folder/`, or a name with `{seed}`: one file for each seed. PNG, JPEG or WebP by its ending. */
  out: string;
  /** Truncation, 0 to 2. */
  psi: number;
  /** Pictures in a row of a sheet; null: as square as possible. */
  columns: number | null;
  /** Enlargement factor, a whole number. */
  scale: number;
  filter: 'nearest' | 'lanczos';
}

/** The longest side of a sheet, pixels. */
const LONGEST = 32_000;
/** Pixels of a sheet enlarged by lanczos, which is made in memory: 4 bytes each. */
const MOST_PIXELS = 2 ** 28;

const FORMATS: Record<string, 'png' | 'jpeg' | 'webp'> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};
/** The longest side that a format can have, pixels. */
const LONGEST_OF = { png: LONGEST, jpeg: LONGEST, webp: 16_383 };

/** Writes the pictures and returns the paths of the files. @throws UserError */
export async function generate(options: GenerateOptions): Promise<string[]> {
  const { seeds, psi, scale, filter } = options;
  const { path, each, format } = await placeOf(options.out);
  const model = await ExportedModel.open(options.model);
  try {
    const { size } = model.manifest;
    const columns = Math.min(options.columns ?? Math.ceil(Math.sqrt(seeds.length)), seeds.length);
    const rows = Math.ceil(seeds.length / columns);
    checkSize(options, each ? [1, 1] : [columns, rows], size * scale, LONGEST_OF[format]);
    await makeFolder(dirname(resolve(path))).catch((error: unknown) => refuse(path, error));
    const squares = pictures(model, seeds, psi);
    if (each) {
      const files: string[] = [];
      for await (const { seed, pixels } of squares) {
        const file = path.replaceAll('{seed}', fileName(seed));
        await write(file, format, enlarged({ pixels, width: size, height: size }, scale, filter));
        files.push(file);
      }
      return files;
    }
    const tiles: Uint8Array[] = [];
    // Enlarged one by one, lanczos does not mix neighbours. Nearest never does, so the finished sheet is enlarged while it is written.
    const first = filter === 'lanczos' ? scale : 1;
    for await (const { pixels } of squares)
      tiles.push(
        first === 1 ? pixels : await enlarged({ pixels, width: size, height: size }, first, filter).raw().toBuffer(),
      );
    await write(path, format, enlarged(pictureGrid(tiles, size * first, columns), scale / first, 'nearest'));
    return [path];
  } finally {
    await model.dispose();
  }
}

/** Where to write: one sheet, or a file for `each` seed. @throws UserError if that is no picture's name */
async function placeOf(out: string): Promise<{ path: string; each: boolean; format: 'png' | 'jpeg' | 'webp' }> {
  if (out.endsWith('/') || out.endsWith(sep)) return { path: join(out, '{seed}.png'), each: true, format: 'png' };
  const unknown = /\{(?!seed\})[^}]*\}/.exec(out);
  if (unknown) throw new UserError(`--out: '${unknown[0]}' in '${out}' is not known; {seed} is the seed of each file`);
  if ((await stat(out).catch(() => null))?.isDirectory())
    throw new UserError(`--out: '${out}' is a folder; for single files in it write '${out}/'`);
  const format = FORMATS[extname(out).toLowerCase()];
  if (!format)
    throw new UserError(
      `--out: '${out}' does not end in ${Object.keys(FORMATS).join(', ')}; name a picture, or a folder with a slash: '${out}/'`,
    );
  return { path: out, each: out.includes('{seed}'), format };
}

function checkSize(
  { seeds, filter }: GenerateOptions,
  [columns, rows]: [number, number],
  side: number,
  longest: number,
) {
  const asked = side * Math.max(columns, rows);
  const what = `${seeds.length} pictures of ${side}x${side} make a sheet of ${grouped(columns * side)}x${grouped(rows * side)} pixels`;
  const remedy = 'lower --scale, or write single files with --out dogs/';
  if (asked > longest)
    throw new UserError(`--out: ${what}, and at most ${grouped(longest)} on a side are possible; ${remedy}`);
  if (filter === 'lanczos' && columns * rows * side ** 2 > MOST_PIXELS)
    throw new UserError(
      `--out: ${what}, and at most ${grouped(MOST_PIXELS)} in all are possible with --filter lanczos; ${remedy}, or use --filter nearest`,
    );
}

async function* pictures(model: ExportedModel, seeds: readonly NamedDog[], psi: number) {
  for (const seed of seeds) yield { seed, pixels: await model.picture(seed.seed, psi) };
}

function enlarged({ pixels, width, height }: Picture, scale: number, filter: 'nearest' | 'lanczos'): Sharp {
  const picture = sharp(pixels, { raw: { width, height, channels: 4 }, limitInputPixels: false });
  if (scale === 1) return picture;
  const kernel = filter === 'lanczos' ? 'lanczos3' : 'nearest';
  return picture.resize(width * scale, height * scale, { kernel });
}

/** JPEG has no transparency: the empty places of a sheet are black there. */
async function write(file: string, format: 'png' | 'jpeg' | 'webp', picture: Sharp): Promise<void> {
  const encoded =
    format === 'png'
      ? picture.png()
      : format === 'jpeg'
        ? picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
        : picture.webp({ lossless: true });
  const partial = partialName(file);
  try {
    await encoded.toFile(partial);
    await moveInPlace(partial, file);
  } catch (error) {
    refuse(file, await realReason(partial, error));
  } finally {
    await rm(partial, { force: true }).catch(() => {});
  }
}

/** What the operating system says: sharp's errors say only that writing failed. */
async function realReason(file: string, error: unknown): Promise<unknown> {
  const probe = Buffer.alloc(2 ** 16);
  return writeFile(file, probe, { flush: true }).then(
    () => error,
    (reason: unknown) => reason,
  );
}

function refuse(file: string, error: unknown): never {
  throw cannotWrite('--out', file, error);
}

/** Names that Windows keeps for devices, whatever follows a dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Characters of a label in a file name: file systems count bytes, up to 255 of them, and a letter has up to 4. */
const MOST_CHARACTERS = 50;

/** File name for a dog: its label if every file system takes it, otherwise the safe characters of it and a number. */
function fileName({ label, seed }: NamedDog): string {
  if (/^\w[\w.-]*$/.test(label) && !label.endsWith('.') && !RESERVED.test(label)) return label;
  const words = label.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '');
  const safe = [...words].slice(0, MOST_CHARACTERS).join('');
  const number = typeof seed === 'number' ? seed : deriveSeed(0, seed);
  return safe ? `${safe}-${number}` : String(number);
}
