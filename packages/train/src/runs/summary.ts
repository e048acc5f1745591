/** @module What there is to say of a run in one line. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { distanceToPhotos } from '@latent-dogs/metrics';
import { checkpointFolders, imagesAt } from '../run/checkpoint.ts';
import { readLog } from '../run/log.ts';
import { runNames } from '../run/run-folder.ts';
import { isTraining } from '../run/run-lock.ts';
import { readRunRecord } from '../run/run-record.ts';

export interface RunSummary {
  folder: string;
  name: string;
  /** `training`: a process of this machine is at it. `damaged`: its config.json or log can't be read. */
  state: 'training' | 'finished' | 'stopped' | 'damaged';
  dataset: string;
  photos: number;
  size: number;
  imagesSeen: number;
  images: number;
  /** The lowest distance to the photos that was measured (`distanceToPhotos`), and when. Null: none was. */
  best: { distance: number; imagesSeen: number } | null;
  /** Images seen at each checkpoint. */
  checkpoints: number[];
  /** Bytes of the folder. */
  bytes: number;
}

/** The runs in `out`, lowest number first. */
export async function summariesOf(out: string): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const name of await runNames(out)) summaries.push(await summaryOf(join(out, name)));
  return summaries;
}

export async function summaryOf(folder: string): Promise<RunSummary> {
  const bytes = await bytesIn(folder);
  const checkpoints = (await checkpointFolders(folder)).map(imagesAt);
  const known = { folder, name: basename(folder), checkpoints, bytes };
  const unlessDamaged = (error: unknown) => {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code) return null;
    throw error;
  };
  const record = await readRunRecord(folder).catch(unlessDamaged);
  const log = await readLog(folder).catch(unlessDamaged);
  const imagesSeen = log?.at(-1)?.imagesSeen ?? 0;
  if (!record || !log)
    return { ...known, state: 'damaged', dataset: '', photos: 0, size: 0, imagesSeen, images: 0, best: null };
  const { config, dataset } = record;
  const finished = imagesSeen >= config.images;
  return {
    ...known,
    state: (await isTraining(folder)) ? 'training' : finished ? 'finished' : 'stopped',
    dataset: dataset.name,
    photos: dataset.count,
    size: config.size,
    imagesSeen,
    images: config.images,
    best: log
      .map((line) => ({ distance: distanceToPhotos(line.metrics ?? {}), imagesSeen: line.imagesSeen }))
      .filter(({ distance }) => Number.isFinite(distance))
      .reduce<RunSummary['best']>((best, one) => (best && best.distance <= one.distance ? best : one), null),
  };
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // A run that is being trained changes meanwhile.
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
