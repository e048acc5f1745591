/** @module A model's folder, read and checked. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, UserError } from '@latent-dogs/latent';
import { readManifest } from './manifest-file.ts';

export interface ModelFolder {
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** Path of the ONNX file. */
  readonly file: string;
  /** Contents of the ONNX file. */
  readonly onnx: Uint8Array;
}

/** Reads model.json and checks the ONNX file against it. @throws UserError naming what is missing or damaged */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const manifest = await readManifest(folder);
  const { generator } = manifest;
  const file = join(folder, generator.file);
  const again = `export the model again: pnpm export --out ${folder}`;
  const onnx = await readFile(file).catch((error: Error) => {
    throw new UserError(`${file}: can't be read (${error.message}), but model.json names it; ${again}`);
  });
  if (createHash('sha256').update(onnx).digest('hex') === generator.sha256) return { folder, manifest, file, onnx };
  throw new UserError(
    `${file}: not the file that model.json describes (${onnx.length} bytes instead of ${generator.bytes}, or another SHA-256); ${again}`,
  );
}
