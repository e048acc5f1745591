/** @module One exported generator on ONNX Runtime: opened, run, released. The caller passes ONNX Runtime in. */
import type * as Ort from 'onnxruntime-web/wasm';

/** The module onnxruntime-node, or a build of onnxruntime-web. */
export type OnnxRuntime = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

interface SessionOptions {
  readonly provider: 'cpu' | 'wasm' | 'webgpu';
  /** Threads of one run on `cpu`; 0 means all cores. The threads of `wasm` are part of its set-up (onnxruntime-web.ts). */
  readonly threads?: number;
}

/**
 * ONNX Runtime's severity level of errors. Below it, it warns about every node that WebGPU leaves to the CPU: by design the
 * cheap ones that compute shapes.
 */
const ERRORS = 3;

export class GeneratorSession {
  /** Length of z. */
  readonly latentSize: number;
  readonly #session: Ort.InferenceSession;
  readonly #Tensor: OnnxRuntime['Tensor'];

  private constructor(session: Ort.InferenceSession, Tensor: OnnxRuntime['Tensor']) {
    const input = session.inputMetadata[0];
    this.latentSize = input?.isTensor ? Number(input.shape[1]) : 0;
    this.#session = session;
    this.#Tensor = Tensor;
  }

  /** @param onnx the ONNX file. @throws Error of ONNX Runtime */
  static async open(
    { InferenceSession, Tensor }: OnnxRuntime,
    onnx: Uint8Array,
    { provider, threads }: SessionOptions,
  ): Promise<GeneratorSession> {
    const session = await InferenceSession.create(onnx, {
      executionProviders: [provider],
      logSeverityLevel: ERRORS,
      ...(threads !== undefined && { intraOpNumThreads: threads, interOpNumThreads: 1 }),
    });
    return new GeneratorSession(session, Tensor);
  }

  /**
   * The pictures G(z).
   *
   * @param z float32 [N, latentSize]
   * @returns uint8 [N, size, size, 4] RGBA
   * @throws Error of ONNX Runtime
   */
  async run(z: Float32Array): Promise<Uint8Array<ArrayBuffer>> {
    const { pixels } = await this.outputs(z, ['pixels']);
    return pixels!.data as Uint8Array<ArrayBuffer>;
  }

  /**
   * The outputs of these names for z.
   *
   * @param z float32 [N, latentSize]
   * @throws Error of ONNX Runtime
   */
  async outputs(z: Float32Array, names: readonly string[]): Promise<Ort.InferenceSession.OnnxValueMapType> {
    const dims = [z.length / this.latentSize, this.latentSize];
    return this.#session.run({ z: new this.#Tensor('float32', z, dims) }, names);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
