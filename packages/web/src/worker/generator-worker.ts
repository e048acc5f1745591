/** @module The worker that makes dogs: loads the generator once, then turns z into pixels. */
import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { FailureReason, ProviderName, Reply, Request } from '../engine/protocol.ts';
import { Arrivals } from './arrivals.ts';
import { DownloadError, download } from './download.ts';
import { explain } from './explain.ts';
import { BINARIES, hasSimd, hasWebgpu, type Runtime, wasmRuntime, webgpuRuntime } from './session.ts';

declare const self: DedicatedWorkerGlobalScope;

const say = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);
const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

interface Generator {
  runtime: Runtime;
  session: InferenceSession;
  model: Uint8Array<ArrayBuffer>;
}

class StartError extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

type Start = Extract<Request, { kind: 'start' }>;

/** @throws Error if the module does not arrive, or does not start */
async function openRuntime(provider: ProviderName, binary: Uint8Array<ArrayBuffer>, threads: number): Promise<Runtime> {
  return provider === 'webgpu' ? webgpuRuntime(binary) : wasmRuntime(binary, threads);
}

/** Why a provider did not start. */
function reasonOf(error: unknown): FailureReason {
  if (error instanceof DownloadError) return error.reason;
  return /dynamically imported module|importing a module|module script/i.test(describe(error)) ? 'script' : 'session';
}

async function start({ address, content, bytes, sha256, provider, threads }: Start): Promise<Generator> {
  if (!hasSimd()) throw new StartError('no-simd', 'This browser has no WebAssembly SIMD.');
  const webgpu = provider !== 'wasm' && (await hasWebgpu({ fallbackToo: provider === 'webgpu' }));
  const providers: readonly ProviderName[] = webgpu ? ['webgpu', 'wasm'] : ['wasm'];
  const arrivals = new Arrivals((received, all) => say({ kind: 'progress', received, bytes: all }));
  const arriving = download(
    { source: content ?? address, bytes, sha256 },
    arrivals.expect({ bytes, compressed: bytes }),
  );
  arriving.catch(() => {}); // A failure is handled below, where it is awaited.
  for (const tried of providers) {
    const binary = BINARIES[tried];
    const binaryArriving = download({ ...binary, source: binary.address }, arrivals.expect(binary));
    binaryArriving.catch(() => {});
    const model = await arriving.catch((error: DownloadError) => {
      throw new StartError(error.reason, error.message);
    });
    try {
      const runtime = await openRuntime(tried, await binaryArriving, threads);
      say({ kind: 'arrived' });
      const session = await runtime.open(model);
      // The first run compiles shaders and allocates memory; a provider that cannot run the model fails here.
      await generate({ runtime, session, model }, new Float32Array(latentSizeOf(session)), 1);
      return { runtime, session, model };
    } catch (error) {
      if (tried === providers.at(-1)) throw new StartError(reasonOf(error), describe(error));
      console.warn(`WebGPU is available but cannot run the model; using WebAssembly instead. ${describe(error)}`);
    }
  }
  throw new StartError('session', 'no provider');
}

function latentSizeOf(session: InferenceSession): number {
  const input = session.inputMetadata[0];
  return input?.isTensor ? (input.shape[1] as number) : 0;
}

async function generate(
  { runtime, session }: Generator,
  z: Float32Array,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { pixels } = await session.run({ z: runtime.tensor(z, [count, z.length / count]) }, ['pixels']);
  return pixels!.data as Uint8Array<ArrayBuffer>;
}

let starting: Promise<Generator> | undefined;

async function answer(request: Request): Promise<void> {
  if (request.kind === 'start') {
    starting = start(request);
    const { runtime } = await starting;
    void runtime.lost().then((detail) => say({ kind: 'lost', detail }));
    const files = performance.getEntriesByType('resource').map(({ name }) => name);
    say({ kind: 'ready', provider: runtime.provider, threads: runtime.threads, files });
    return;
  }
  const generator = await starting!;
  if (request.kind === 'explain') {
    try {
      const layers = await explain(generator.runtime, generator.model, request.z);
      say(
        { kind: 'explained', id: request.id, layers },
        layers.map(({ data }) => data.buffer),
      );
    } catch (error) {
      say({ kind: 'not-explained', id: request.id, detail: describe(error) });
    }
    return;
  }
  const began = performance.now();
  const pixels = await generate(generator, request.z, request.count);
  const milliseconds = performance.now() - began;
  say({ kind: 'generated', pixels, milliseconds }, [pixels.buffer]);
}

// ONNX Runtime runs one inference at a time; so does this worker.
let turn = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Request>) => {
  turn = turn
    .then(() => answer(data))
    .catch((error) => {
      if (error instanceof StartError) say({ kind: 'failed', reason: error.reason, detail: error.message });
      else say({ kind: 'lost', detail: describe(error) });
    });
};
