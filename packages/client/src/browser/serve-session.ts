/** @module The worker's side: opens one session and runs it. */
import type { GeneratorSession } from '../runtime/generator-session.ts';
import { deviceLost, type OnnxRuntimeWeb, openWebSession, setUp } from '../runtime/onnxruntime-web.ts';
import type { Reply, Request } from './protocol.ts';

/** The part of the worker's global scope that is used; its library and that of pages exclude each other. */
declare const self: Pick<Worker, 'postMessage' | 'onmessage'>;

const say = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);
const fail = (error: unknown) =>
  say({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) });

export function serveSession(ort: OnnxRuntimeWeb, provider: 'wasm' | 'webgpu'): void {
  let session: GeneratorSession;

  const answer = async (request: Request) => {
    if (request.kind === 'run') {
      const pixels = await session.run(request.z);
      say({ kind: 'pixels', pixels }, [pixels.buffer]);
      return;
    }
    const { onnx, glue, wasm, threads } = request;
    setUp(ort, { files: { glue, wasm }, threads: provider === 'wasm' ? threads : 1 });
    session = await openWebSession(ort, provider, onnx);
    // A provider that cannot run the model fails here; the first run also compiles and allocates.
    await session.run(new Float32Array(session.latentSize));
    if (provider === 'webgpu') void deviceLost(ort).then(fail);
    say({ kind: 'opened' });
  };
  self.onmessage = ({ data }: MessageEvent<Request>) => void answer(data).catch(fail);
}
