/** @module The messages between the page and its photo worker. */
import type { Photo, Unusable } from './photo.ts';
import type { Square } from './square.ts';

export type PhotoRequest =
  | { kind: 'open' }
  | { kind: 'add'; files: readonly File[] }
  | { kind: 'change'; id: string; square: Square }
  /** Changes the squares that were not set by hand. */
  | { kind: 'find-faces'; on: boolean }
  | { kind: 'remove'; id: string }
  | { kind: 'original'; id: string }
  | { kind: 'clear' };

export type PhotoReply =
  /** `thumbnail`: RGB bytes [128, 128, 3]. Comes again when the square has changed. */
  | { kind: 'photo'; photo: Photo; thumbnail: Uint8Array<ArrayBuffer> }
  | { kind: 'find-faces'; on: boolean }
  | { kind: 'unusable'; name: string; reason: Unusable }
  /** Progress of adding: files so far and in all, and files of zips that were skipped because they are no images. */
  | { kind: 'progress'; done: number; total: number; skipped: number }
  | { kind: 'removed'; id: string }
  | { kind: 'original'; id: string; file: File | null }
  /** A model.json and the files beside it, from a zip. */
  | { kind: 'model'; files: { path: string; bytes: Uint8Array<ArrayBuffer> }[] }
  | { kind: 'cleared' }
  /** The library cannot be used. */
  | { kind: 'failed'; reason: 'no-storage' | 'other-tab'; detail: string };
