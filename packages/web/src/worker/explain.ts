/** @module The activations of the generator's hidden layers for one dog. */
import { type OnnxRuntimeWeb, openWebSession } from '@latent-dogs/client/runtime/onnxruntime-web';
import type { Activation, ProviderName } from '../engine/protocol.ts';
import { nodesOf, withOutputs } from './onnx-outputs.ts';

/** The first layer of a DCGAN has 4x4 pixels. */
const FIRST_PIXELS = 16;

function asPicture(data: Float32Array, dims: readonly number[]): Activation {
  const [channels, height, width] =
    dims.length === 4 ? [dims[1]!, dims[2]!, dims[3]!] : [data.length / FIRST_PIXELS, 4, 4];
  return { channels, height, width, data: data.slice() };
}

/**
 * Runs the generator once, in a session of its own, with every rectified layer as an output.
 *
 * @param model the ONNX file
 * @param z float32 [1, latentSize]
 * @returns the hidden layers, from first to last
 */
export async function explain(
  ort: OnnxRuntimeWeb,
  provider: ProviderName,
  model: Uint8Array,
  z: Float32Array,
): Promise<Activation[]> {
  const names = nodesOf(model).flatMap(({ operator, output }) => (operator === 'Relu' ? [output] : []));
  const session = await openWebSession(ort, provider, withOutputs(model, names));
  try {
    const outputs = await session.outputs(z, names);
    return names.map((name) => asPicture(outputs[name]!.data as Float32Array, outputs[name]!.dims));
  } finally {
    await session.release();
  }
}
