/** @module At most 24 sheets of a run as small pictures for a report. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** A sheet, scaled down for the report. */
export interface StripSheet {
  imagesSeen: number;
  /** A `data:` URI. */
  picture: string;
}

const maxSheets = 24;
/** Wider sheets are scaled down to this, in pixels. An 8x8 sheet of 64-pixel dogs fits. */
const maxWidth = 512;

/** Caches the scaled pictures, so that a new sheet costs one picture. */
export class SheetStrip {
  readonly #runFolder: string;
  #pictures = new Map<string, { version: string; picture: string }>();

  constructor(runFolder: string) {
    this.#runFolder = runFolder;
  }

  /** Sheets of fakes, oldest first: every 2^k-th, plus the newest. */
  async fakes(): Promise<StripSheet[]> {
    const chosen = thinned(await sheetsOf(this.#runFolder));
    const sheets: StripSheet[] = [];
    for (const { name, imagesSeen } of chosen) sheets.push({ imagesSeen, picture: (await this.#picture(name))! });
    const kept = new Set(['reals.png', ...chosen.map(({ name }) => name)]);
    this.#pictures = new Map([...this.#pictures].filter(([name]) => kept.has(name)));
    return sheets;
  }

  /** `reals.png`; null if there is none. */
  async reals(): Promise<string | null> {
    return this.#picture('reals.png');
  }

  async #picture(name: string): Promise<string | null> {
    const file = join(this.#runFolder, name);
    const status = await stat(file).catch(() => null);
    if (status === null) return null;
    // A resumed run rewrites the sheets after its checkpoint.
    const version = `${status.mtimeMs} ${status.size}`;
    const known = this.#pictures.get(name);
    if (known?.version === version) return known.picture;
    const picture = await shrunk(await readFile(file));
    this.#pictures.set(name, { version, picture });
    return picture;
  }
}

/** The sheets of fakes in a run folder, oldest first. */
export async function sheetsOf(runFolder: string): Promise<{ name: string; imagesSeen: number }[]> {
  const names = (await readdir(runFolder)).filter((name) => /^fakes-\d+\.png$/.test(name));
  const numbered = names.map((name) => ({ name, imagesSeen: Number(name.match(/\d+/)![0]) }));
  return numbered.sort((a, b) => a.imagesSeen - b.imagesSeen);
}

/** Keeps every 2^k-th and the last. With one more sheet the choice stays the same, or every second of it stays. */
function thinned<T>(sheets: readonly T[]): T[] {
  let stride = 1;
  while (Math.ceil(sheets.length / stride) > maxSheets - 1) stride *= 2;
  return sheets.filter((_, i) => i % stride === 0 || i === sheets.length - 1);
}

/** A sheet of a run as a `data:` URI. */
export async function shrunk(png: Buffer): Promise<string> {
  const resized = sharp(png).resize({ width: maxWidth, withoutEnlargement: true });
  const webp = await resized.webp({ quality: 82, effort: 1 }).toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}
