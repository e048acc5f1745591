/** @module Decodes a folder of photos. A message to this process is a `DecodeTask`; the answer is `Decoded`. */
import { rm } from 'node:fs/promises';
import { openPhotos } from '../packages/train/src/data/photos.ts';
import { peakMemory } from './peak-memory.ts';

export interface DecodeTask {
  folder: string;
  /** Folder of the decoded photos; deleted first. */
  cacheDir: string;
  size: number;
}

export interface Decoded {
  count: number;
  seconds: number;
  /** CPU time, all cores together. */
  cpuSeconds: number;
  /** Largest resident memory so far, in bytes. */
  peakMemory: number;
}

process.on('message', async ({ folder, cacheDir, size }: DecodeTask) => {
  await rm(cacheDir, { recursive: true, force: true });
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const photos = await openPhotos({ path: folder, size, photoSize: null, crop: 'center', cacheDir });
  const { user, system } = process.cpuUsage(cpu);
  const answer: Decoded = {
    count: photos.count,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMemory: peakMemory(),
  };
  await photos.close();
  process.send!(answer);
});
process.send!('ready');
