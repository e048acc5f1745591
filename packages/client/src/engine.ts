/** @module What a runtime provides to compute pictures. */
import type { ProviderName } from './types.ts';

/** One loaded ONNX file. */
export interface Engine {
  readonly provider: ProviderName;
  /**
   * G(z) of one z. Runs wait for each other.
   *
   * @param z float32 [latentSize]
   * @returns uint8 [size, size, 4] RGBA
   * @throws GeneratorError, or the signal's reason
   */
  run(z: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<Uint8Array>;
  dispose(): Promise<void>;
}
