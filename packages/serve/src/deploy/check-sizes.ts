/** @module Whether Cloudflare takes a Worker of this size: https://developers.cloudflare.com/workers/platform/limits/ */

import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { UserError } from '@latent-dogs/latent';

const MIB = 2 ** 20;
/** Script and modules together, uncompressed. Bytes. */
const MOST_SCRIPT = 64 * MIB;
/** One file of the gallery. Bytes. */
const MOST_ASSET = 25 * MIB;

interface Sizes {
  /** Script and modules together, bytes. */
  readonly script: number;
  /** Bytes. */
  readonly largestAsset: number;
}

/**
 * @param bundle folder that `wrangler deploy --dry-run --outdir` wrote
 * @param assets folder of the gallery
 * @throws UserError naming the file that is too large
 */
export async function checkSizes(bundle: string, assets: string): Promise<Sizes> {
  // wrangler adds a README and source maps, which are not part of the script.
  const modules = (await filesBySize(bundle)).filter(({ name }) => !name.endsWith('.map') && name !== 'README.md');
  const script = modules.reduce((sum, { bytes }) => sum + bytes, 0);
  if (script > MOST_SCRIPT) {
    throw new UserError(
      `The Worker has ${mebibytes(script)}, and Cloudflare takes 64 MiB at most. Its largest file is ${modules[0]!.name} with ` +
        `${mebibytes(modules[0]!.bytes)}; a model is made smaller by pnpm export --precision fp16 or int8.`,
    );
  }
  const [largest] = await filesBySize(assets);
  if (largest && largest.bytes > MOST_ASSET) {
    throw new UserError(
      `The gallery's file ${largest.name} has ${mebibytes(largest.bytes)}, and Cloudflare takes files of 25 MiB at most; ` +
        'a model is made smaller by pnpm export --precision fp16 or int8.',
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
