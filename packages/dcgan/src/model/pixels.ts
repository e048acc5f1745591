/** @module From the generator's `image` to `pixels`, in the graph. */
import { ELEMENT_TYPES, GraphBuilder, type Value } from '@latent-dogs/tfjs-onnx';

const OPAQUE = 255;

/**
 * `image` float32 [N, 3, H, W] in [-1, 1] as RGBA uint8 [N, H, W, 4]: round half up of (x + 1)·127.5, the arithmetic of
 * `chwToRgba`, step by step in float32.
 */
export function pixelsOf(image: Value): Value {
  const [N, , H, W] = image.shape as [number, number, number, number];
  const builder = new GraphBuilder();
  const elementwise = (operator: string, ...inputs: Value[]) => builder.emit(operator, inputs, image.shape, 'float32');
  const shifted = elementwise('Mul', elementwise('Add', image, builder.scalar(1)), builder.scalar(127.5));
  const clipped = elementwise(
    'Clip',
    elementwise('Add', shifted, builder.scalar(0.5)),
    builder.scalar(0),
    builder.scalar(OPAQUE),
  );
  // Cast drops the fraction, which is floor where nothing is negative.
  const rgb = builder.emit('Cast', [clipped], image.shape, 'uint8', { to: ELEMENT_TYPES.uint8 });
  const alpha = builder.constant(Uint8Array.of(OPAQUE), [], 'uint8');
  const rgba = builder.emit('Pad', [rgb, builder.integers([0, 0, 0, 0, 0, 1, 0, 0]), alpha], [N, 4, H, W], 'uint8');
  // A plane [N, 1, H, W] is [N, H, W, 1] as it lies, so the interleaving is one Concat.
  const plane = { shape: [N, 1, H, W], type: 'uint8' as const };
  const planes = builder.emitMany('Split', [rgba], [plane, plane, plane, plane], { axis: 1 });
  const columns = planes.map((value) =>
    builder.emit('Reshape', [value, builder.integers([0, H, W, 1])], [N, H, W, 1], 'uint8'),
  );
  return builder.emit('Concat', columns, [N, H, W, 4], 'uint8', { axis: 3 });
}
