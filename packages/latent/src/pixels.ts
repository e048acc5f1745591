/** @module Converts the generator's `image` to RGBA pixels for canvases and PNG encoders. */

/**
 * One picture of an `image` tensor as opaque RGBA.
 *
 * A byte is floor(min(max((x + 1) * 127.5 + 0.5, 0), 255)), with every operation rounded to float32. An ONNX graph of
 * Add, Mul, Add, Clip and Floor on float32 gives the same bytes. NaN gives 0.
 *
 * @param image float32 [N, 3, height, width] (or [3, height, width]), RGB, nominally in [-1, 1]
 * @param height pixels
 * @param width pixels
 * @param index of the picture, 0 to N - 1
 * @returns uint8 [height, width, 4], for `ImageData`
 * @throws RangeError if `image` does not contain that picture
 */
export function chwToRgba(
  image: Float32Array,
  height: number,
  width: number,
  index = 0,
): Uint8ClampedArray<ArrayBuffer> {
  const plane = height * width;
  const start = index * 3 * plane;
  if (!(Number.isInteger(index) && index >= 0 && start + 3 * plane <= image.length)) {
    throw new RangeError(`Picture ${index} of 3 x ${height} x ${width} is not in a tensor of ${image.length} numbers.`);
  }
  const rgba = new Uint8ClampedArray(4 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const shifted = Math.fround(image[start + channel * plane + pixel]! + 1);
      rgba[4 * pixel + channel] = Math.floor(Math.fround(Math.fround(shifted * 127.5) + 0.5));
    }
    rgba[4 * pixel + 3] = 255;
  }
  return rgba;
}
