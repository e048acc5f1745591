/** @module Decoded pictures, between the generator and the encoders. */

/** RGBA, 8 bits per channel, row by row from the top left. */
export interface Picture {
  /** uint8 [height, width, 4]; fills its whole buffer. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}
