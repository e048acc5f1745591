/**
 * @module Checkpoints: written atomically, so that a kill or a power cut leaves the old or the new one, and verified on reading.
 *
 * `checkpoints/<images seen>/` contains `weights.safetensors`, `state.json`, and `manifest.json` with their lengths and
 * digests. It is written under a temporary name, synced and renamed. Then the text file `latest` is replaced; it contains the
 * path of the newest checkpoint within the run folder.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type Checkpoint,
  type CheckpointManifest,
  checkCheckpointFile,
  checkpointFrom,
  checkpointName,
  damaged,
  jsonBytes,
  MANIFEST_FILE,
  parseCheckpointManifest,
  STATE_FILE,
  safetensorsPieces,
  WEIGHTS_FILE,
} from '@latent-dogs/dcgan';
import { naming, syncFolder, writeFileAtomically } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** Writes a checkpoint, replacing one with the same `imagesSeen`, and returns its folder. */
export async function writeCheckpoint(runFolder: string, checkpoint: Checkpoint): Promise<string> {
  const { imagesSeen } = checkpoint;
  const all = join(runFolder, 'checkpoints');
  const name = checkpointName(imagesSeen);
  const beside = join(all, `.tmp-${name}-${process.pid}`);
  await rm(beside, { recursive: true, force: true });
  try {
    await mkdir(all).catch(unlessExists);
    await mkdir(beside);
    await fillCheckpoint(beside, checkpoint);
    await moveInPlace(all, beside, name);
  } catch (error) {
    // On a full disk, half a checkpoint would keep it full.
    await rm(beside, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  await writeFileAtomically(join(runFolder, 'latest'), `checkpoints/${name}\n`);
  return join(all, name);
}

async function fillCheckpoint(beside: string, { imagesSeen, healthy, tensors, state }: Checkpoint): Promise<void> {
  const files = {
    [WEIGHTS_FILE]: await writeDigested(join(beside, WEIGHTS_FILE), safetensorsPieces(tensors)),
    [STATE_FILE]: await writeDigested(join(beside, STATE_FILE), [jsonBytes(state)]),
  };
  const manifest: CheckpointManifest = { format: 1, imagesSeen, healthy, files };
  await writeDigested(join(beside, MANIFEST_FILE), [jsonBytes(manifest)]);
  await syncFolder(beside);
}

function unlessExists(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

/**
 * Reads and verifies a checkpoint folder.
 *
 * @throws {UserError} if a file is missing, truncated or altered.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const manifest = await readManifest(folder);
  const weights = await readDigested(folder, WEIGHTS_FILE, manifest);
  const state = await readDigested(folder, STATE_FILE, manifest);
  return checkpointFrom(manifest, weights, state);
}

/**
 * The newest intact checkpoint older than `before`; with `healthy`, only those written while the guard was calm. null if
 * there is none; `onDamaged` is called for each one skipped.
 */
export async function latestCheckpoint(
  runFolder: string,
  options: { healthy?: boolean; before?: number; onDamaged?: (folder: string, reason: string) => void } = {},
): Promise<Checkpoint | null> {
  const { before = Number.POSITIVE_INFINITY } = options;
  for (const folder of (await checkpointFolders(runFolder)).reverse()) {
    if (imagesAt(folder) >= before) continue;
    try {
      if (options.healthy && !(await readManifest(folder)).healthy) continue;
      return await readCheckpoint(folder);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      options.onDamaged?.(folder, error.message);
    }
  }
  return null;
}

/** See `RunStore.rollbackCheckpoint`. */
export async function rollbackCheckpoint(runFolder: string, lastRollback: number | null): Promise<Checkpoint | null> {
  const newest = await latestCheckpoint(runFolder, { healthy: true });
  if (lastRollback === null || newest === null || newest.imagesSeen > lastRollback) return newest;
  return (await latestCheckpoint(runFolder, { healthy: true, before: newest.imagesSeen })) ?? newest;
}

/** Removes all checkpoints but the newest `keep`, the newest healthy one, and `best`, the folder of the best one. */
export async function pruneCheckpoints(
  runFolder: string,
  { keep = 3, best = null }: { keep?: number; best?: string | null } = {},
): Promise<void> {
  const folders = (await checkpointFolders(runFolder)).reverse();
  const healthy = await Promise.all(folders.map(isHealthy));
  const newestHealthy = healthy.indexOf(true);
  for (const [i, folder] of folders.entries())
    if (i >= keep && i !== newestHealthy && folder !== best) await removeAtomically(folder);
}

/** Removes the checkpoints of more than `imagesSeen` images, after a roll-back. */
export async function dropCheckpointsAfter(runFolder: string, imagesSeen: number): Promise<void> {
  const folders = await checkpointFolders(runFolder);
  const later = folders.filter((folder) => imagesAt(folder) > imagesSeen);
  // `latest` first, so that it always names an existing checkpoint.
  const last = folders[folders.length - later.length - 1];
  if (later.length > 0 && last !== undefined) {
    await writeFileAtomically(join(runFolder, 'latest'), `checkpoints/${basename(last)}\n`);
  }
  for (const folder of later.reverse()) await removeAtomically(folder);
}

/** Cleans up after a killed process. Call before anything else reads or writes the run folder. */
export async function clearLeftovers(runFolder: string): Promise<void> {
  const all = join(runFolder, 'checkpoints');
  const names = await listNames(all);
  for (const name of names) {
    const replaced = name.match(/^\.replaced-(\d+)$/)?.[1];
    // Killed between the two renames of a replacement: restore the old checkpoint, which is intact.
    if (replaced !== undefined && !names.includes(replaced)) await rename(join(all, name), join(all, replaced));
    else if (name.startsWith('.')) await rm(join(all, name), { recursive: true, force: true });
  }
  for (const name of await listNames(runFolder)) {
    if (/\.(tmp-\d+|partial)$/.test(name)) await rm(join(runFolder, name), { force: true });
  }
}

async function moveInPlace(all: string, from: string, name: string): Promise<void> {
  const to = join(all, name);
  const replaced = join(all, `.replaced-${name}`);
  if (await stat(to).catch(() => null)) {
    await rm(replaced, { recursive: true, force: true });
    await rename(to, replaced);
  }
  await rename(from, to);
  await syncFolder(all);
  await rm(replaced, { recursive: true, force: true });
}

/** Renames the folder first, so that no reader finds a partly deleted checkpoint. */
async function removeAtomically(folder: string): Promise<void> {
  const aside = join(folder, '..', `.tmp-removed-${basename(folder)}`);
  await rm(aside, { recursive: true, force: true });
  await rename(folder, aside);
  await rm(aside, { recursive: true, force: true });
}

/** Folders of all checkpoints, oldest first. */
export async function checkpointFolders(runFolder: string): Promise<string[]> {
  const all = join(runFolder, 'checkpoints');
  const names = (await listNames(all)).filter((name) => /^\d{9,}$/.test(name));
  return names.sort((a, b) => Number(a) - Number(b)).map((name) => join(all, name));
}

/** Images seen at the checkpoint in a folder. */
export const imagesAt = (folder: string): number => Number(basename(folder));

/** Folder of the checkpoint at `imagesSeen` images. @throws {UserError} listing the existing ones. */
export async function checkpointFolder(runFolder: string, imagesSeen: number): Promise<string> {
  const folders = await checkpointFolders(runFolder);
  const folder = folders.find((candidate) => imagesAt(candidate) === imagesSeen);
  if (folder !== undefined) return folder;
  const existing = folders.map(imagesAt).join(', ');
  throw new UserError(`--checkpoint: ${runFolder} has none at ${imagesSeen} images; there are ${existing || 'none'}`);
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function isHealthy(folder: string): Promise<boolean> {
  return readManifest(folder).then(
    ({ healthy }) => healthy,
    () => false,
  );
}

async function readManifest(folder: string): Promise<CheckpointManifest> {
  return parseCheckpointManifest(await readPart(folder, MANIFEST_FILE), imagesAt(folder), folder);
}

async function readDigested(
  folder: string,
  name: keyof CheckpointManifest['files'],
  manifest: CheckpointManifest,
): Promise<Buffer> {
  const bytes = await readPart(folder, name);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  checkCheckpointFile(manifest, name, { bytes: bytes.length, sha256 }, folder);
  return bytes;
}

async function readPart(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw damaged(folder, `${name}: ${(error as Error).message}`);
  }
}

async function writeDigested(file: string, pieces: Iterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await naming(file, async () => {
    const handle = await open(file, 'w');
    try {
      for (const piece of pieces) {
        hash.update(piece);
        bytes += piece.byteLength;
        await handle.writeFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}
