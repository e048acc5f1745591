/** @module ONNX Runtime's native code: onnxruntime-node, which the user installs. */
import type { Engine } from '../engine.ts';
import { GeneratorError } from '../generator-error.ts';
import { orAborted } from '../turns.ts';
import type { LoadOptions } from '../types.ts';

/** @returns null if onnxruntime-node is not installed. @throws GeneratorError */
export async function openNativeEngine(
  onnx: Uint8Array<ArrayBuffer>,
  { threads = 1 }: LoadOptions,
): Promise<Engine | null> {
  const failed = (cause: unknown) =>
    new GeneratorError('session', `onnxruntime-node: ${cause instanceof Error ? cause.message : cause}`, { cause });
  // Otherwise it leaves an identifier in the user's cache folder and reports to Microsoft.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const ort = await import('onnxruntime-node').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw failed(cause);
  });
  if (!ort) return null;
  const session = await ort.InferenceSession.create(onnx, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  }).catch((cause) => {
    throw failed(cause);
  });
  const disposal = new AbortController();
  // Runs go side by side, on Node's thread pool.
  const running = new Set<Promise<unknown>>();
  const run = async (z: Float32Array<ArrayBuffer>) => {
    try {
      const { pixels } = await session.run({ z: new ort.Tensor('float32', z, [1, z.length]) }, ['pixels']);
      return pixels!.data as Uint8Array;
    } catch (cause) {
      throw failed(cause);
    }
  };
  return {
    provider: 'native',
    run: (z, signal) => {
      const result = run(z);
      running.add(result);
      result.catch(() => {}).finally(() => running.delete(result));
      return orAborted(result, signal ? AbortSignal.any([signal, disposal.signal]) : disposal.signal);
    },
    dispose: async () => {
      if (disposal.signal.aborted) return;
      disposal.abort(new GeneratorError('disposed', 'The generator was disposed of.'));
      await Promise.allSettled(running);
      await session.release();
    },
  };
}
