/** Numbered square RGB pictures of one size, read by index. */
export interface PictureSource {
  readonly count: number;
  /** H = W in pixels. */
  readonly size: number;
  /** Reads pictures `indices` into `out`: uint8 [indices.length, size, size, 3] (NHWC, RGB). */
  read(indices: ArrayLike<number>, out: Uint8Array): Promise<void>;
}
