/** Mirrors left to right, in place, those of `count` planar images [count, 3, size, size] whose `mask` entry is not 0. */
export function flipHorizontally(images: Uint8Array, count: number, size: number, mask: Uint8Array): void {
  const imageLength = 3 * size * size;
  if (images.length !== count * imageLength || mask.length !== count) {
    throw new RangeError(`${count} images of ${size}x${size} are not ${images.length} bytes with ${mask.length} flags`);
  }
  for (let i = 0; i < count; i++) {
    if (mask[i] === 0) continue;
    for (let row = i * imageLength; row < (i + 1) * imageLength; row += size)
      images.subarray(row, row + size).reverse();
  }
}
