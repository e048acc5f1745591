/** Numbered square RGB pictures of one size, read by index. */
export interface PictureSource {
  readonly count: number;
  /** H = W in pixels. */
  readonly size: number;
  /** Reads pictures `indices` into `out`: uint8, planar [indices.length, 3, size, size]. */
  read(indices: ArrayLike<number>, out: Uint8Array): Promise<void>;
}
