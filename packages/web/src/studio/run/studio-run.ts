/** @module The run of the Studio. There is one at a time; models made of it are kept apart from it. */
import { type Checkpoint, jsonBytes, parseRunRecord, type RunRecord } from '@latent-dogs/dcgan';
import { Folder } from '../storage/folder.ts';
import { Checkpoints } from './checkpoints.ts';
import { RunPhotos } from './run-photos.ts';

const FOLDER = 'run';
const RECORD = 'config.json';
const PIXELS = 'photos.rgb';

export interface StudioRun {
  folder: Folder;
  record: RunRecord;
  photos: RunPhotos;
}

/** The run that was begun; null if there is none, or if it was not created completely. */
export async function openRun(): Promise<StudioRun | null> {
  const folder = await (await Folder.studio()).folder(FOLDER);
  const record = await folder.read(RECORD);
  const pixels = await folder.read(PIXELS);
  if (!record || !pixels) return null;
  const parsed = parseRunRecord(JSON.parse(new TextDecoder().decode(record)), RECORD);
  return { folder, record: parsed, photos: new RunPhotos(pixels, parsed.config.size) };
}

/** Creates the run, replacing an earlier one. @param start the checkpoint to begin with; null: random weights */
export async function createRun(
  record: Omit<RunRecord, 'dataset'>,
  photos: RunPhotos,
  start: Checkpoint | null,
): Promise<StudioRun> {
  await deleteRun();
  const folder = await (await Folder.studio()).folder(FOLDER);
  const whole = { ...record, dataset: await photos.record() };
  await folder.write(PIXELS, photos.pixels);
  if (start) await new Checkpoints(await folder.folder('checkpoints')).write(start);
  // Last: a run without it is not whole.
  await folder.write(RECORD, jsonBytes(whole));
  return { folder, record: whole, photos };
}

export async function writeRecord({ folder, record }: StudioRun): Promise<void> {
  await folder.write(RECORD, jsonBytes(record));
}

export async function deleteRun(): Promise<void> {
  const studio = await Folder.studio();
  await (await studio.folder(FOLDER)).remove(RECORD);
  await studio.remove(FOLDER);
}
