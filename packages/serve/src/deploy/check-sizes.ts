/** @module Checks Cloudflare's size limits: https://developers.cloudflare.com/workers/platform/limits/ */

import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { UserError } from '@latent-dogs/latent';

const MIB = 2 ** 20;
/** Limit of script and modules together, uncompressed; bytes. */
const MOST_SCRIPT = 64 * MIB;
/** Limit of one file of the gallery; bytes. */
const MOST_ASSET = 25 * MIB;

interface Sizes {
  /** Script and modules together, bytes. */
  readonly script: number;
  /** Bytes. */
  readonly largestAsset: number;
}

/**
 * @param bundle output folder of `wrangler deploy --dry-run --outdir`
 * @param assets folder of the gallery
 * @throws UserError naming the largest file, if it or the script is too large
 */
export async function checkSizes(bundle: string, assets: string): Promise<Sizes> {
  // The README and source maps that wrangler adds are not part of the script.
  const modules = (await filesBySize(bundle)).filter(({ name }) => !name.endsWith('.map') && name !== 'README.md');
  const script = modules.reduce((sum, { bytes }) => sum + bytes, 0);
  if (script > MOST_SCRIPT) {
    throw new UserError(
      `The Worker is ${mebibytes(script)}; Cloudflare's limit is 64 MiB. Its largest file is ${modules[0]!.name}, ` +
        `${mebibytes(modules[0]!.bytes)}. To make a model smaller, use pnpm export --precision fp16 or int8.`,
    );
  }
  const [largest] = await filesBySize(assets);
  if (largest && largest.bytes > MOST_ASSET) {
    throw new UserError(
      `The gallery's file ${largest.name} is ${mebibytes(largest.bytes)}; Cloudflare's limit is 25 MiB. ` +
        'To make a model smaller, use pnpm export --precision fp16 or int8.',
    );
  }
  return { script, largestAsset: largest?.bytes ?? 0 };
}

export const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

async function filesBySize(folder: string): Promise<{ name: string; bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return { name: relative(folder, path), bytes: (await stat(path)).size };
      }),
  );
  return files.sort((a, b) => b.bytes - a.bytes);
}
