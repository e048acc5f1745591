/** @module From the generator's `image` to `pixels`, in the graph. */
import { emit, emitMany, integers, scalar, type Value } from './rewrite.ts';

/** TensorProto.DataType of uint8. */
const UINT8 = 2;
const OPAQUE = 255;

/**
 * `image` float32 [N, 3, H, W] in [-1, 1] as RGBA uint8 [N, H, W, 4]: round half up of (x + 1)·127.5, the arithmetic of
 * `chwToRgba`, step by step in float32.
 */
export function pixelsOf(image: Value): Value {
  const [N, , H, W] = image.shape as [number, number, number, number];
  const elementwise = (operator: string, ...inputs: Value[]) => emit(operator, inputs, image.shape, 'float32');
  const shifted = elementwise('Mul', elementwise('Add', image, scalar(1)), scalar(127.5));
  const clipped = elementwise('Clip', elementwise('Add', shifted, scalar(0.5)), scalar(0), scalar(OPAQUE));
  // Cast drops the fraction: floor, since nothing is negative.
  const rgb = emit('Cast', [clipped], image.shape, 'uint8', { to: UINT8 });
  const alpha: Value = { id: -1, shape: [], type: 'uint8', constant: Uint8Array.of(OPAQUE) };
  const rgba = emit('Pad', [rgb, integers(0, 0, 0, 0, 0, 1, 0, 0), alpha], [N, 4, H, W], 'uint8');
  // A plane [N, 1, H, W] has the memory layout of [N, H, W, 1], so one Concat interleaves them.
  const plane = { shape: [N, 1, H, W], type: 'uint8' as const };
  const planes = emitMany('Split', [rgba], [plane, plane, plane, plane], { axis: 1 });
  const columns = planes.map((value) => emit('Reshape', [value, integers(0, H, W, 1)], [N, H, W, 1], 'uint8'));
  return emit('Concat', columns, [N, H, W, 4], 'uint8', { axis: 3 });
}
