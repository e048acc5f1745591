/** @module The worker that makes dogs: loads the generator once, then turns z into pixels. */
import { GeneratorError } from '@latent-dogs/client/generator-error';
import { hasSimd, hasWebgpu } from '@latent-dogs/client/runtime/capabilities';
import type { GeneratorSession } from '@latent-dogs/client/runtime/generator-session';
import { deviceLost, type OnnxRuntimeWeb, openWebSession } from '@latent-dogs/client/runtime/onnxruntime-web';
import type { FailureReason, ProviderName, Reply, Request } from '../engine/protocol.ts';
import { Arrivals } from './arrivals.ts';
import { download } from './download.ts';
import { explain } from './explain.ts';
import { BINARIES, loadWasm, loadWebgpu } from './onnxruntime-files.ts';

declare const self: DedicatedWorkerGlobalScope;

const say = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, transfer);
const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

interface Generator {
  ort: OnnxRuntimeWeb;
  provider: ProviderName;
  threads: number;
  session: GeneratorSession;
  /** The ONNX file. */
  model: Uint8Array<ArrayBuffer>;
}

type Start = Extract<Request, { kind: 'start' }>;

/** Why the generator did not start. */
function reasonOf(error: unknown): FailureReason {
  const code = error instanceof GeneratorError ? error.code : null;
  if (code === 'unsupported') return 'no-simd';
  if (code === 'download' || code === 'damaged') return code;
  return /dynamically imported module|importing a module|module script/i.test(describe(error)) ? 'script' : 'session';
}

async function start({ address, content, bytes, sha256, provider, threads }: Start): Promise<Generator> {
  if (!hasSimd()) throw new GeneratorError('unsupported', 'This browser has no WebAssembly SIMD.');
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
    const model = await arriving;
    try {
      const usable = tried === 'wasm' && crossOriginIsolated ? threads : 1;
      const arrived = await binaryArriving;
      const ort = await (tried === 'webgpu' ? loadWebgpu(arrived) : loadWasm(usable, arrived));
      say({ kind: 'arrived' });
      const session = await openWebSession(ort, tried, model);
      // The first run compiles shaders and allocates memory; a provider that cannot run the model fails here.
      await session.run(new Float32Array(session.latentSize));
      return { ort, provider: tried, threads: usable, session, model };
    } catch (error) {
      if (tried === providers.at(-1)) throw error;
      console.warn(`WebGPU is available but cannot run the model; using WebAssembly instead. ${describe(error)}`);
    }
  }
  throw new Error('no provider');
}

let starting: Promise<Generator> | undefined;

async function answer(request: Request): Promise<void> {
  if (request.kind === 'start') {
    starting = start(request);
    const { ort, provider, threads } = await starting;
    if (provider === 'webgpu') void deviceLost(ort).then((detail) => say({ kind: 'lost', detail }));
    const files = performance.getEntriesByType('resource').map(({ name }) => name);
    say({ kind: 'ready', provider, threads, files });
    return;
  }
  const { ort, provider, session, model } = await starting!;
  if (request.kind === 'explain') {
    try {
      const layers = await explain(ort, provider, model, request.z);
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
  const pixels = await session.run(request.z);
  const milliseconds = performance.now() - began;
  say({ kind: 'generated', pixels, milliseconds }, [pixels.buffer]);
}

// ONNX Runtime runs one inference at a time; so does this worker.
let turn = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Request>) => {
  turn = turn
    .then(() => answer(data))
    .catch((error) => {
      const detail = describe(error);
      say(data.kind === 'start' ? { kind: 'failed', reason: reasonOf(error), detail } : { kind: 'lost', detail });
    });
};
