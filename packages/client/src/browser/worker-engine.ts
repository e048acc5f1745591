/** @module ONNX Runtime in a worker: on WebGPU if that works, else on WebAssembly. */
import type { Engine } from '../engine.ts';
import { GeneratorError } from '../generator-error.ts';
import type { Model } from '../read-model.ts';
import { hasSimd, hasWebgpu, usableThreads } from '../runtime/capabilities.ts';
import { sessionError } from '../session-error.ts';
import { orAborted, Turns } from '../turns.ts';
import type { LoadOptions } from '../types.ts';
import { WorkerSession } from './worker-session.ts';

/** @throws GeneratorError, or the signal's reason */
export async function openWorkerEngine(
  { onnx }: Model,
  { provider, threads = usableThreads(), files, signal }: LoadOptions,
): Promise<Engine> {
  const open = (provider: 'wasm' | 'webgpu') => WorkerSession.open(onnx, { provider, threads, files });
  const opening = openFirst(await providersToTry(provider), open);
  // If loading is given up, a session that opens later must end.
  signal?.addEventListener(
    'abort',
    () =>
      void opening.then(
        (session) => session.end(),
        () => {},
      ),
    { once: true },
  );
  return createWorkerEngine(await (signal ? orAborted(opening, signal) : opening), open);
}

async function providersToTry(wanted: LoadOptions['provider']): Promise<readonly ('wasm' | 'webgpu')[]> {
  if (wanted === 'native')
    throw new GeneratorError('unsupported', 'The provider "native" is for Node: in browsers use "webgpu" or "wasm".');
  if (!hasSimd()) throw new GeneratorError('unsupported', 'This browser has no WebAssembly SIMD.');
  if (wanted === 'wasm') return ['wasm'];
  const webgpu = await hasWebgpu({ fallbackToo: wanted === 'webgpu' });
  if (wanted === 'webgpu' && !webgpu)
    throw new GeneratorError('unsupported', 'This browser has no WebGPU adapter, or no JSPI (WebAssembly.Suspending).');
  if (wanted === 'webgpu') return ['webgpu'];
  return webgpu ? ['webgpu', 'wasm'] : ['wasm'];
}

async function openFirst(
  providers: readonly ('wasm' | 'webgpu')[],
  open: (provider: 'wasm' | 'webgpu') => Promise<WorkerSession>,
): Promise<WorkerSession> {
  for (const provider of providers) {
    try {
      return await open(provider);
    } catch (cause) {
      if (provider === providers.at(-1)) throw sessionError(cause);
      console.warn(`WebGPU cannot run the model; using WebAssembly instead. ${(cause as Error).message}`);
    }
  }
  throw sessionError('no provider');
}

function createWorkerEngine(
  opened: WorkerSession,
  open: (provider: 'wasm' | 'webgpu') => Promise<WorkerSession>,
): Engine {
  const turns = new Turns();
  const disposal = new AbortController();
  let session = opened;

  const run = async (z: Float32Array<ArrayBuffer>): Promise<Uint8Array> => {
    try {
      return await session.run(z);
    } catch (cause) {
      if (session.provider !== 'webgpu') throw sessionError(cause);
      console.warn(`The graphics device was lost; going on with WebAssembly. ${(cause as Error).message}`);
    }
    session.end();
    session = await openFirst(['wasm'], open);
    if (disposal.signal.aborted) session.end();
    return session.run(z);
  };
  return {
    get provider() {
      return session.provider;
    },
    run: (z, signal) => {
      const stop = signal ? AbortSignal.any([signal, disposal.signal]) : disposal.signal;
      return turns.take(() => run(z), stop);
    },
    dispose: async () => {
      disposal.abort(new GeneratorError('disposed', 'The generator was disposed of.'));
      session.end();
    },
  };
}
