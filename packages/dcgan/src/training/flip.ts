import { mirror } from '@latent-dogs/latent';

/**
 * Mirrors some images left to right, in place.
 *
 * @param images uint8 [count, size, size, 3]
 * @param mask uint8 [count]; other than 0: mirror this image
 * @throws RangeError if the lengths don't match.
 */
export function flipHorizontally(images: Uint8Array, count: number, size: number, mask: Uint8Array): void {
  const imageLength = 3 * size * size;
  if (images.length !== count * imageLength || mask.length !== count) {
    throw new RangeError(
      `${count} images of ${size}x${size} don't match ${images.length} bytes and ${mask.length} flags`,
    );
  }
  for (let i = 0; i < count; i++) {
    if (mask[i] !== 0) mirror(images.subarray(i * imageLength, (i + 1) * imageLength), size);
  }
}
