/** @module Seeds to PNG files. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { grouped } from '@latent-dogs/command-line';
import { type LabelledSeed, UserError } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import sharp from 'sharp';
import { pictureGrid } from './picture-grid.ts';

export interface GenerateOptions {
  seeds: readonly LabelledSeed[];
  /** A model folder. */
  model: string;
  /** `grid.png`: one sheet; `folder/`, or a name with `{seed}`: one file for each seed. */
  out: string;
  /** Truncation, 0 to 1.5. */
  psi: number;
  /** Pictures in a row of a sheet; null: as square as possible. */
  columns: number | null;
  /** Enlargement factor, a whole number. */
  scale: number;
  filter: 'nearest' | 'lanczos';
}

/** The longest side of a sheet, pixels. */
const LONGEST = 32_000;

/** Writes the pictures and returns the paths of the files. @throws UserError */
export async function generate(options: GenerateOptions): Promise<string[]> {
  const { seeds, out, psi, scale, filter } = options;
  const each = out.endsWith('/') ? join(out, '{seed}.png') : out.includes('{seed}') ? out : null;
  const model = await ExportedModel.open(options.model);
  const size = model.manifest.size * scale;
  const columns = options.columns ?? Math.ceil(Math.sqrt(seeds.length));
  const longest = each ? size : size * Math.max(Math.min(columns, seeds.length), Math.ceil(seeds.length / columns));
  if (longest > LONGEST) {
    throw new UserError(
      `--out: ${seeds.length} pictures of ${size}x${size} make a sheet of ${grouped(longest)} pixels on its longer side, and at most ${grouped(LONGEST)} are possible; lower --scale, or write single files with --out dogs/`,
    );
  }
  const enlarged = async ({ seed }: LabelledSeed) =>
    enlarge(await model.picture(seed, psi), model.manifest.size, scale, filter);
  try {
    if (!each) {
      const squares: Uint8Array[] = [];
      for (const seed of seeds) squares.push(await enlarged(seed));
      const { pixels, width, height } = pictureGrid(squares, size, columns);
      await writePng(out, pixels, width, height);
      return [out];
    }
    const files: string[] = [];
    for (const seed of seeds) {
      const file = each.replaceAll('{seed}', fileName(seed));
      await writePng(file, await enlarged(seed), size, size);
      files.push(file);
    }
    return files;
  } finally {
    await model.dispose();
  }
}

async function enlarge(
  pixels: Uint8Array,
  size: number,
  scale: number,
  filter: 'nearest' | 'lanczos',
): Promise<Uint8Array> {
  if (scale === 1) return pixels;
  return sharp(pixels, { raw: { width: size, height: size, channels: 4 } })
    .resize(size * scale, size * scale, { kernel: filter === 'lanczos' ? 'lanczos3' : 'nearest' })
    .raw()
    .toBuffer();
}

async function writePng(file: string, pixels: Uint8Array, width: number, height: number): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await sharp(pixels, { raw: { width, height, channels: 4 } })
      .png()
      .toFile(file);
  } catch (error) {
    throw new UserError(
      `--out: can't write '${file}' (${(error as Error).message}); give a path that can be written to`,
    );
  }
}

/** File name for a seed: its label if every file system takes it, otherwise the safe characters of it and the number. */
function fileName({ label, seed }: LabelledSeed): string {
  if (/^\w[\w.-]*$/.test(label)) return label;
  const safe = label.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '');
  return safe ? `${safe}-${seed}` : String(seed);
}
