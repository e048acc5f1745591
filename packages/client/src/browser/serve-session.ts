/** @module The worker's side: opens one session and runs it. */
import type * as Ort from 'onnxruntime-web/wasm';
import type { Reply, Request } from './protocol.ts';

/** The part of the worker's global scope that is used; its library and that of pages exclude each other. */
declare const self: Pick<Worker, 'postMessage' | 'onmessage'>;

/** The build of ONNX Runtime that a worker runs. */
interface Runtime {
  readonly ort: Pick<typeof Ort, 'env' | 'InferenceSession' | 'Tensor'>;
  readonly provider: 'webgpu' | 'wasm';
  /** Resolves with the reason when nothing more can be computed, if ever. Called after the session is open. */
  lost(): Promise<string>;
}

const say = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);
const fail = (error: unknown) =>
  say({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) });

export function serveSession({ ort, provider, lost }: Runtime): void {
  let session: Ort.InferenceSession;

  const run = async (z: Float32Array<ArrayBuffer>) => {
    const { pixels } = await session.run({ z: new ort.Tensor('float32', z, [1, z.length]) }, ['pixels']);
    return pixels!.data as Uint8Array<ArrayBuffer>;
  };
  const answer = async (request: Request) => {
    if (request.kind === 'run') {
      const pixels = await run(request.z);
      say({ kind: 'pixels', pixels }, [pixels.buffer]);
      return;
    }
    ort.env.wasm.wasmPaths = { mjs: request.glue, wasm: request.wasm };
    ort.env.wasm.numThreads = request.threads;
    // Below errors it warns about every node that WebGPU leaves to the CPU: by design the cheap ones that compute shapes.
    ort.env.logLevel = 'error';
    session = await ort.InferenceSession.create(request.onnx, { executionProviders: [provider] });
    // A provider that cannot run the model fails here; the first run also compiles and allocates.
    await run(new Float32Array(request.latentSize));
    void lost().then(fail);
    say({ kind: 'opened' });
  };
  self.onmessage = ({ data }: MessageEvent<Request>) => void answer(data).catch(fail);
}
