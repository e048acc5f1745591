/** Mirrors RGB pictures left to right, in place. `pixels` is uint8 [N, size, size, 3]. */
export function mirror(pixels: Uint8Array, size: number): void {
  for (let row = 0; row < pixels.length; row += 3 * size) {
    for (let left = row, right = row + 3 * (size - 1); left < right; left += 3, right -= 3) {
      for (let channel = 0; channel < 3; channel++) {
        const value = pixels[left + channel]!;
        pixels[left + channel] = pixels[right + channel]!;
        pixels[right + channel] = value;
      }
    }
  }
}
