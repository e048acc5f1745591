/**
 * @module The files of a checkpoint: `weights.safetensors`, `state.json`, and `manifest.json` with their lengths and digests.
 * A folder without a manifest is an unfinished or removed checkpoint.
 */
import { UserError } from '@latent-dogs/latent';
import * as v from 'valibot';
import type { Checkpoint } from './run-store.ts';
import { parseSafetensors } from './safetensors.ts';

export const WEIGHTS_FILE = 'weights.safetensors';
export const STATE_FILE = 'state.json';
export const MANIFEST_FILE = 'manifest.json';

const fileSchema = v.object({ bytes: v.number(), sha256: v.string() });
const manifestSchema = v.object({
  format: v.literal(1),
  imagesSeen: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  healthy: v.boolean(),
  files: v.object({ [WEIGHTS_FILE]: fileSchema, [STATE_FILE]: fileSchema }),
});

export type CheckpointManifest = v.InferOutput<typeof manifestSchema>;

/** The name of a checkpoint's folder: at least nine digits. */
export const checkpointName = (imagesSeen: number): string => String(imagesSeen).padStart(9, '0');

/** A JSON file's bytes. */
export const jsonBytes = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/**
 * Reads a manifest.
 *
 * @param place names the checkpoint in messages.
 * @throws {UserError} if it is not the manifest of a checkpoint at `imagesSeen` images.
 */
export function parseCheckpointManifest(bytes: Uint8Array, imagesSeen: number, place: string): CheckpointManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw damaged(place, `${MANIFEST_FILE} is not JSON`);
  }
  const result = v.safeParse(manifestSchema, json);
  if (!result.success) throw damaged(place, `${MANIFEST_FILE}: ${result.issues[0].message}`);
  if (result.output.imagesSeen !== imagesSeen) throw damaged(place, `${MANIFEST_FILE} belongs to another checkpoint`);
  return result.output;
}

/** Checks a file's length and SHA-256 (lowercase hexadecimal). @throws {UserError} if they are not the manifest's. */
export function checkCheckpointFile(
  manifest: CheckpointManifest,
  name: keyof CheckpointManifest['files'],
  actual: { bytes: number; sha256: string },
  place: string,
): void {
  const wanted = manifest.files[name];
  if (actual.bytes !== wanted.bytes)
    throw damaged(place, `${name} has ${actual.bytes} bytes, expected ${wanted.bytes}`);
  if (actual.sha256 !== wanted.sha256) throw damaged(place, `the SHA-256 of ${name} does not match`);
}

/** The checkpoint in files that were checked. */
export function checkpointFrom(
  { imagesSeen, healthy }: CheckpointManifest,
  weights: Uint8Array,
  state: Uint8Array,
): Checkpoint {
  return {
    imagesSeen,
    healthy,
    tensors: parseSafetensors(weights),
    state: JSON.parse(new TextDecoder().decode(state)) as Record<string, unknown>,
  };
}

export function damaged(place: string, reason: string): UserError {
  return new UserError(`${place} is damaged: ${reason}`);
}
