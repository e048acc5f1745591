/** @module ONNX Runtime's WebAssembly in the current thread, for runtimes without workers. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { Engine } from './engine.ts';
import { GeneratorError } from './generator-error.ts';
import { Turns } from './turns.ts';

/**
 * @param prepare sets `env.wasm` up, then calls `create`
 * @throws GeneratorError
 */
export async function openWasmEngine(
  onnx: Uint8Array<ArrayBuffer>,
  prepare: (wasm: typeof env.wasm, create: () => Promise<InferenceSession>) => Promise<InferenceSession>,
): Promise<Engine> {
  const failed = (cause: unknown) =>
    new GeneratorError('session', `ONNX Runtime: ${cause instanceof Error ? cause.message : cause}`, { cause });
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const session = await prepare(env.wasm, () => InferenceSession.create(onnx, { executionProviders: ['wasm'] })).catch(
    (cause) => {
      throw failed(cause);
    },
  );
  const turns = new Turns();
  const disposal = new AbortController();
  const run = async (z: Float32Array<ArrayBuffer>) => {
    try {
      const { pixels } = await session.run({ z: new Tensor('float32', z, [1, z.length]) }, ['pixels']);
      return pixels!.data as Uint8Array;
    } catch (cause) {
      throw failed(cause);
    }
  };
  return {
    provider: 'wasm',
    run: (z, signal) => turns.take(() => run(z), signal ? AbortSignal.any([signal, disposal.signal]) : disposal.signal),
    dispose: async () => {
      if (disposal.signal.aborted) return;
      disposal.abort(new GeneratorError('disposed', 'The generator was disposed of.'));
      await turns.idle();
      await session.release();
    },
  };
}
