/** @module The interface of a dataset: numbered square images of one size, read by index. */
import type { PictureSource } from '@latent-dogs/latent';

export interface SkippedFile {
  file: string;
  /** A category (`broken`, `not a supported image`, ...), in some cases followed by `: detail`. */
  reason: string;
}

export interface Dataset extends PictureSource {
  /** Base name of the folder or zip, or `drawn-dogs`. */
  readonly name: string;
  /** Hex SHA-256 over the contents of the usable photos, in order, and the decode options. */
  readonly fingerprint: string;
  /** How many of the images differ from all others, pixel by pixel. */
  readonly distinct: number;
  /** The first 1,000 files that could not be used. */
  readonly skipped: readonly SkippedFile[];
  /** How many files could not be used, by category. */
  readonly skippedCounts: Readonly<Record<string, number>>;
  /** Path of the list of all of them, one JSON object a line. */
  readonly skippedList: string;
  close(): Promise<void>;
}

/** `done` counts processed files, skipped ones included. While a folder is still being listed, `total` grows and `done` is 0. */
export interface DecodeProgress {
  done: number;
  total: number;
  skipped: number;
}
