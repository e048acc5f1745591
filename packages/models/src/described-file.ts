/** @module A file of a model folder, checked against what model.json says about it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';

/** What model.json says about a file. */
interface Description {
  /** Path relative to model.json. */
  readonly file: string;
  /** SHA-256, lowercase hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The contents of a file in `folder`. @throws UserError naming the file if it is missing or not the one described */
export async function readDescribedFile(folder: string, { file, sha256, bytes }: Description): Promise<Uint8Array> {
  const path = join(folder, file);
  const again = `export the model again: pnpm export --out ${folder}`;
  const contents = await readFile(path).catch((error: Error) => {
    throw new UserError(`${path}: can't be read (${error.message}), but model.json names it; ${again}`);
  });
  if (createHash('sha256').update(contents).digest('hex') === sha256) return contents;
  throw new UserError(
    `${path}: not the file that model.json describes (${contents.length} bytes instead of ${bytes}, or another SHA-256); ${again}`,
  );
}
