/** @module What a run needs: time and disk. */
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { bytesText, grouped } from '@latent-dogs/command-line';
import { type Config, SAMPLES, stateDefinitions } from '@latent-dogs/dcgan';
import { speedOf } from '../backend/choose.ts';
import { computeOf } from '../backend/compute.ts';

/** The newest three, the best, the newest healthy one, and the one that is being written. */
const CHECKPOINTS = 6;
/** Bytes of a sheet per pixel: PNG hardly compresses photos. */
const PNG_BYTES = 2.8;
/** A measurement takes seconds, so that short runs start without one. */
const WORTH_MEASURING = 50_000;

interface Needs {
  /** Bytes of the run folder at its end. */
  run: number;
  /** Bytes of decoded photos. */
  cache: number;
}

/** @param photos their number */
export function diskNeeds(config: Config, photos: number): Needs {
  const { size, images, sheetEvery } = config;
  const values = Object.values(stateDefinitions(config)).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const checkpoint = 4 * values.reduce((a, b) => a + b, 0);
  const sheets = 2 + Math.floor(images / sheetEvery);
  return {
    run: CHECKPOINTS * checkpoint + sheets * SAMPLES * size ** 2 * PNG_BYTES,
    cache: photos * 3 * size ** 2,
  };
}

/** Seconds for the images still to train on; null if that is not known, or a run too short to measure for. */
export async function secondsFor(config: Config, seen: number): Promise<number | null> {
  const left = config.images - seen;
  if (left < WORTH_MEASURING) return null;
  const speed = await speedOf(computeOf(config), config);
  return speed && left / speed;
}

/**
 * The estimate as text, such as `About 1 h 20 min at 116 images/s on this machine, and 140 MB in runs (32 GB free).`
 *
 * @param folder of the run, or the one that is to hold it
 */
export async function estimateText(config: Config, photos: number, seen: number, folder: string): Promise<string> {
  const seconds = await secondsFor(config, seen);
  const time =
    seconds === null ? '' : `About ${hours(seconds)} at ${Math.round((config.images - seen) / seconds)} images/s, and `;
  const { run, cache } = diskNeeds(config, photos);
  const free = await freeBytes(folder);
  const line = `${time}${time ? 'about' : 'About'} ${bytesText(run)} on disk for the run, ${bytesText(cache)} for the decoded images (${bytesText(free)} free).`;
  return free < run ? `${line}\nWarning: that is more than is free. Training waits where the disk is full.` : line;
}

async function freeBytes(folder: string): Promise<number> {
  const place = resolve(folder);
  const { bavail, bsize } = await statfs(place)
    .catch(() => statfs(dirname(place)))
    .catch(() => statfs('/'));
  return bavail * bsize;
}

/** `45 s`, `12 min`, `1 h 20 min`, `3 days 4 h`. */
export function hours(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.max(1, Math.round(seconds))} s`;
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
  const days = Math.floor(minutes / (24 * 60));
  return `${grouped(days)} days ${Math.round((minutes % (24 * 60)) / 60)} h`;
}
