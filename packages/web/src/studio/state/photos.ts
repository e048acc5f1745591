/** @module The photos on the page, and the worker that keeps them. */
import { computed, signal } from '@preact/signals';
import type { Photo, Unusable } from '../photos/photo.ts';
import type { PhotoReply, PhotoRequest } from '../photos/photo-protocol.ts';
import type { Square } from '../photos/square.ts';
import { importModel } from './training.ts';

export interface ShownPhoto {
  photo: Photo;
  /** RGB bytes [128, 128, 3]. */
  thumbnail: Uint8Array;
}

export const photos = signal<ReadonlyMap<string, ShownPhoto>>(new Map());
/** Whether a photo's first square is the dog's face; else it is the middle. */
export const findFaces = signal(true);
/** Photos in which no face was found, and the others. */
export const byFace = computed(() => {
  const all = [...photos.value.values()];
  const noFace = ({ photo }: ShownPhoto) => photo.origin === 'not-found';
  return { without: all.filter(noFace), others: all.filter((one) => !noFace(one)) };
});
export const unusable = signal<readonly { name: string; reason: Unusable }[]>([]);
/** Files that are being added, and files of zips that are no images. */
export const adding = signal({ done: 0, total: 0, skipped: 0 });
/** Why photos cannot be kept here, or null. */
export const photosFailure = signal<{ reason: 'no-storage' | 'other-tab'; detail: string } | null>(null);

let worker: Worker | undefined;
const waiting = new Map<string, (file: File | null) => void>();

const ask = (request: PhotoRequest) => worker?.postMessage(request);

/** Shows the photos of earlier visits. */
export function startPhotos(): void {
  if (worker) return;
  worker = new Worker(new URL('../photos/photo-worker.ts', import.meta.url), { type: 'module', name: 'studio-photos' });
  worker.onmessage = ({ data }: MessageEvent<PhotoReply>) => hear(data);
  ask({ kind: 'open' });
}

function hear(reply: PhotoReply): void {
  switch (reply.kind) {
    case 'photo':
      photos.value = new Map(photos.value).set(reply.photo.id, reply);
      break;
    case 'find-faces':
      findFaces.value = reply.on;
      break;
    case 'removed': {
      const rest = new Map(photos.value);
      rest.delete(reply.id);
      photos.value = rest;
      break;
    }
    case 'unusable':
      unusable.value = [...unusable.value, reply];
      break;
    case 'progress':
      adding.value = reply;
      break;
    case 'original':
      waiting.get(reply.id)?.(reply.file);
      waiting.delete(reply.id);
      break;
    case 'model':
      importModel(reply.files);
      break;
    case 'cleared':
      photos.value = new Map();
      findFaces.value = true;
      unusable.value = [];
      adding.value = { done: 0, total: 0, skipped: 0 };
      break;
    case 'failed':
      photosFailure.value = reply;
      break;
  }
}

export function addPhotos(files: readonly File[]): void {
  if (files.length > 0) ask({ kind: 'add', files });
}

export const changeSquare = (id: string, square: Square) => ask({ kind: 'change', id, square });
export function setFindFaces(on: boolean): void {
  findFaces.value = on;
  ask({ kind: 'find-faces', on });
}

export const removePhoto = (id: string) => ask({ kind: 'remove', id });
export const clearPhotos = () => ask({ kind: 'clear' });

/** The file of a photo as it was added. */
export function originalOf(id: string): Promise<File | null> {
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    ask({ kind: 'original', id });
  });
}
