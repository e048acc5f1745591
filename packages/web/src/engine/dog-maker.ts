/** @module The page's side of the generator worker: batches requests, and replaces a lost graphics device by WebAssembly. */
import { signal } from '@preact/signals';
import type { Activation, FailureReason, ProviderName, Reply, Request } from './protocol.ts';
import { type Lane, WorkQueue } from './work-queue.ts';

/** RGBA, [size, size, 4]. */
export type Pixels = Uint8ClampedArray<ArrayBuffer>;

type MakerStatus =
  | { phase: 'loading'; received: number; bytes: number }
  | { phase: 'ready'; provider: ProviderName; threads: number; files: readonly string[] }
  | { phase: 'failed'; reason: FailureReason; detail: string };

interface ModelSource {
  address: string;
  /** The model, if it is on this device. */
  content?: Blob | null;
  bytes: number;
  sha256: string;
  /** Width and height of a picture, pixels. */
  size: number;
}

/** Target duration of a batch in milliseconds, so that the dog on the stage does not wait long behind others. */
const BATCH_TIME = 24;
const LARGEST_BATCH = 8;
/** Weight of the newest batch in the running average of the time per dog. */
const NEWEST_SHARE = 0.2;

interface Explanation {
  z: Float32Array;
  resolve: (layers: Activation[]) => void;
  reject: (reason: Error) => void;
}

interface Job {
  z: Float32Array;
  done: (pixels: Pixels) => void;
}

type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

/** Reads its signals with `peek`, so that an effect that requests a dog does not run again when the generator's pace changes. */
export class DogMaker {
  readonly status = signal<MakerStatus>({ phase: 'loading', received: 0, bytes: 0 });
  /** Running average of the latest dogs; null before the first. */
  readonly millisecondsPerDog = signal<number | null>(null);
  /** Whether the graphics device was lost and WebAssembly took over. */
  readonly fellBack = signal(false);

  readonly #createWorker: () => WorkerLike;
  readonly #queue = new WorkQueue<Job>();
  readonly #explanations = new Map<number, Explanation>();
  #worker: WorkerLike | undefined;
  #source: ModelSource | undefined;
  #batch: readonly Job[] | undefined;
  #lastExplanation = 0;

  constructor(createWorker: () => WorkerLike) {
    this.#createWorker = createWorker;
  }

  /** Loads a model in a new worker. The previous model and its pending requests are dropped. */
  start(source: ModelSource, provider: ProviderName | 'best' = 'best'): void {
    this.#queue.take(this.#queue.size);
    this.#batch = undefined;
    this.#explanations.clear();
    this.fellBack.value = false;
    this.#source = source;
    this.#launch(provider);
  }

  /**
   * The dog of z. After `abandoned` is aborted, the promise never settles.
   * @param z float32 [latentSize]
   */
  make(z: Float32Array, lane: Lane, abandoned?: AbortSignal): Promise<Pixels> {
    return new Promise((done) => {
      if (abandoned?.aborted) return;
      const job: Job = { z, done };
      this.#queue.add(job, lane);
      abandoned?.addEventListener('abort', () => this.#queue.remove(job), { once: true });
      // After the caller has asked for all that it needs, so that the most urgent is made first.
      queueMicrotask(() => this.#next());
    });
  }

  /** The hidden layers on the way to the dog of z, from first to last. */
  explain(z: Float32Array): Promise<Activation[]> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastExplanation;
      this.#explanations.set(id, { z, resolve, reject });
      if (this.status.peek().phase === 'ready') this.#say({ kind: 'explain', id, z: z.slice() });
    });
  }

  #launch(provider: ProviderName | 'best'): void {
    this.#worker?.terminate();
    const { address, content = null, bytes, sha256 } = this.#source!;
    this.status.value = { phase: 'loading', received: 0, bytes };
    this.millisecondsPerDog.value = null;
    const worker = this.#createWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onerror = (event) => {
      if (worker === this.#worker) this.#lose((event as ErrorEvent).message ?? 'the worker did not start');
    };
    this.#say({ kind: 'start', address, content, bytes, sha256, provider });
  }

  #say(request: Request, transfer: Transferable[] = []): void {
    this.#worker!.postMessage(request, transfer);
  }

  #hear(reply: Reply): void {
    switch (reply.kind) {
      case 'progress':
        this.status.value = { phase: 'loading', received: reply.received, bytes: this.#source!.bytes };
        break;
      case 'ready':
        this.status.value = {
          phase: 'ready',
          provider: reply.provider,
          threads: reply.threads,
          files: reply.files,
        };
        for (const [id, { z }] of this.#explanations) this.#say({ kind: 'explain', id, z: z.slice() });
        this.#next();
        break;
      case 'generated':
        this.#deliver(reply.pixels, reply.milliseconds);
        break;
      case 'explained':
        this.#explanations.get(reply.id)?.resolve(reply.layers);
        this.#explanations.delete(reply.id);
        break;
      case 'not-explained':
        this.#explanations.get(reply.id)?.reject(new Error(reply.detail));
        this.#explanations.delete(reply.id);
        break;
      case 'failed':
        this.status.value = { phase: 'failed', reason: reply.reason, detail: reply.detail };
        break;
      case 'lost':
        this.#lose(reply.detail);
        break;
    }
  }

  #deliver(pixels: Uint8Array<ArrayBuffer>, milliseconds: number): void {
    const jobs = this.#batch!;
    this.#batch = undefined;
    const measured = milliseconds / jobs.length;
    const before = this.millisecondsPerDog.peek() ?? measured;
    this.millisecondsPerDog.value = before + NEWEST_SHARE * (measured - before);
    const length = pixels.length / jobs.length;
    for (const [i, { done }] of jobs.entries()) {
      // A copy, so that keeping one picture does not keep its whole batch in memory.
      done(new Uint8ClampedArray(pixels.slice(i * length, (i + 1) * length).buffer));
    }
    this.#next();
  }

  /** After the graphics device is lost, WebAssembly takes over the pending requests. A failure of WebAssembly is final. */
  #lose(detail: string): void {
    const status = this.status.peek();
    const onGraphics = status.phase === 'ready' && status.provider === 'webgpu';
    if (!onGraphics) {
      this.status.value = { phase: 'failed', reason: 'session', detail };
      return;
    }
    console.warn(`The graphics device was lost; going on with WebAssembly. ${detail}`);
    for (const job of this.#batch ?? []) this.#queue.add(job, 'live');
    this.#batch = undefined;
    this.fellBack.value = true;
    this.#launch('wasm');
  }

  #next(): void {
    if (this.#batch || this.status.peek().phase !== 'ready') return;
    const pace = this.millisecondsPerDog.peek() ?? BATCH_TIME;
    const jobs = this.#queue.take(Math.max(1, Math.min(LARGEST_BATCH, Math.floor(BATCH_TIME / pace))));
    if (jobs.length === 0) return;
    const latentSize = jobs[0]!.z.length;
    const z = new Float32Array(jobs.length * latentSize);
    for (const [i, job] of jobs.entries()) z.set(job.z, i * latentSize);
    this.#batch = jobs;
    this.#say({ kind: 'generate', count: jobs.length, z }, [z.buffer]);
  }
}
