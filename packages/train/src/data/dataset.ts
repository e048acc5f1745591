/** @module What training reads images from: numbered squares of one size, on disk, read by index. */

export interface SkippedFile {
  file: string;
  /** A category (`broken`, `not a supported image`, ...), followed by `: detail` where there is more to say. */
  reason: string;
}

export interface Dataset {
  /** Base name of the folder or zip, or `drawn-dogs`. */
  readonly name: string;
  readonly count: number;
  /** H = W in pixels. */
  readonly size: number;
  /** Hex SHA-256 over the contents of the usable photos, in order, and the decode options. */
  readonly fingerprint: string;
  /** The first 1,000 files that could not be used. */
  readonly skipped: readonly SkippedFile[];
  /** Reads images `indices` into `out`: uint8, planar [indices.length, 3, size, size] (NCHW, RGB). */
  read(indices: ArrayLike<number>, out: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** `done` counts files looked at, skipped ones included. While a folder is still being listed `total` grows and `done` is 0. */
export interface DecodeProgress {
  done: number;
  total: number;
  skipped: number;
}
