/** @module The model on onnxruntime-node. */

import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Run } from '../generator.ts';

/** @param path the ONNX file */
export async function openOnnxSession(path: string): Promise<Run> {
  // One thread a picture: several requests then run side by side on Node's thread pool, without waiting for each other.
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return async (z) => {
    const { pixels } = await session.run({ z: new Tensor('float32', z, [1, z.length]) }, ['pixels']);
    return pixels!.data as Uint8Array;
  };
}
