/**
 * @module The page's side of the generator worker: batches requests, replaces a lost graphics device by WebAssembly, and
 * starts once more with one thread where several do not start.
 */
import { signal } from '@preact/signals';
import type { Activation, FailureReason, ProviderName, Reply, Request } from './protocol.ts';
import { type Lane, WorkQueue } from './work-queue.ts';

/** RGBA, [size, size, 4]. */
export type Pixels = Uint8ClampedArray<ArrayBuffer>;

type MakerStatus =
  | { phase: 'loading'; received: number; bytes: number }
  | { phase: 'ready'; provider: ProviderName; threads: number; files: readonly string[] }
  | { phase: 'failed'; reason: FailureReason; detail: string };

export interface ModelSource {
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
/**
 * Milliseconds in which a generator must start once everything has arrived. On some phones a worker with several threads
 * waits forever.
 */
const START_LIMIT = 60_000;
/** Weight of the newest batch in the running average of the time per dog. */
const NEWEST_SHARE = 0.2;

interface Explanation {
  z: Float32Array;
  resolve: (layers: Activation[]) => void;
  reject: (reason: Error) => void;
}

interface Job {
  z: Float32Array;
  /** @param milliseconds time of the inference, per dog of its batch */
  done: (pixels: Pixels, milliseconds: number) => void;
}

interface StartOptions {
  provider?: ProviderName | 'best';
  /** Of WebAssembly. */
  threads?: number;
}

/**
 * The error of a worker whose script this browser cannot read: Firefox before 114 takes modules for classic scripts. With a "<"
 * it is about a page that a host sent instead of the script.
 */
const TOO_OLD = /\bSyntaxError\b[^<]*$/;

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
  #threads = 1;
  #startedTwice = false;
  #limit: ReturnType<typeof setTimeout> | undefined;

  constructor(createWorker: () => WorkerLike) {
    this.#createWorker = createWorker;
  }

  /** Loads a model in a new worker. The previous model and its pending requests are dropped. */
  start(source: ModelSource, { provider = 'best', threads = 1 }: StartOptions = {}): void {
    this.#queue.take(this.#queue.size);
    this.#batch = undefined;
    this.#explanations.clear();
    this.fellBack.value = false;
    this.#source = source;
    this.#threads = threads;
    this.#startedTwice = false;
    this.#launch(provider);
  }

  /** Ends the worker; pending requests never settle. */
  stop(): void {
    clearTimeout(this.#limit);
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Milliseconds of the inference of one dog. @param z float32 [latentSize] */
  time(z: Float32Array): Promise<number> {
    return new Promise((resolve) => {
      this.#queue.add({ z, done: (_, milliseconds) => resolve(milliseconds) }, 'live');
      this.#next();
    });
  }

  /** Goes on with the worker of another maker that has loaded the same model. */
  adopt(other: DogMaker): void {
    this.stop();
    for (const job of this.#batch ?? []) this.#queue.add(job, 'live');
    this.#batch = undefined;
    this.#threads = other.#threads;
    this.#listenTo(other.#worker!);
    other.#worker = undefined;
    this.status.value = other.status.peek();
    this.millisecondsPerDog.value = null;
    this.#explainPending();
    this.#next();
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
    clearTimeout(this.#limit);
    this.#listenTo(this.#createWorker());
    this.#say({ kind: 'start', address, content, bytes, sha256, provider, threads: this.#threads });
  }

  #listenTo(worker: WorkerLike): void {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onerror = (event) => {
      if (worker !== this.#worker) return;
      const { message } = event as ErrorEvent;
      if (TOO_OLD.test(message)) this.#fail('no-simd', message);
      else if (message) this.#lose(message);
      else this.#fail('script', 'The script of the generator did not arrive.');
    };
  }

  #fail(reason: FailureReason, detail: string): void {
    // Other downloads may still be on their way.
    this.stop();
    this.status.value = { phase: 'failed', reason, detail };
  }

  /** Starts once more on one thread of the processor, if that has not been tried. */
  #failToStart(reason: FailureReason, detail: string, isHanging = false): void {
    const mayHelp = isHanging || (reason === 'session' && this.#threads > 1);
    if (!mayHelp || this.#startedTwice) {
      this.#fail(reason, detail);
      return;
    }
    console.warn(`The generator did not start; trying once more with one thread. ${detail}`);
    this.#startedTwice = true;
    this.#threads = 1;
    this.#launch('wasm');
  }

  #say(request: Request, transfer: Transferable[] = []): void {
    this.#worker!.postMessage(request, transfer);
  }

  #hear(reply: Reply): void {
    switch (reply.kind) {
      case 'progress':
        this.status.value = { phase: 'loading', received: reply.received, bytes: reply.bytes };
        break;
      case 'arrived':
        clearTimeout(this.#limit);
        this.#limit = setTimeout(() => {
          this.#worker?.terminate();
          this.#failToStart('session', `The generator did not start within ${START_LIMIT / 1000} seconds.`, true);
        }, START_LIMIT);
        break;
      case 'ready':
        clearTimeout(this.#limit);
        this.status.value = {
          phase: 'ready',
          provider: reply.provider,
          threads: reply.threads,
          files: reply.files,
        };
        this.#explainPending();
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
        this.#failToStart(reply.reason, reply.detail);
        break;
      case 'lost':
        this.#lose(reply.detail);
        break;
    }
  }

  #explainPending(): void {
    for (const [id, { z }] of this.#explanations) this.#say({ kind: 'explain', id, z: z.slice() });
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
      done(new Uint8ClampedArray(pixels.slice(i * length, (i + 1) * length).buffer), measured);
    }
    this.#next();
  }

  /** After the graphics device is lost, WebAssembly takes over the pending requests. A failure of WebAssembly is final. */
  #lose(detail: string): void {
    const status = this.status.peek();
    const onGraphics = status.phase === 'ready' && status.provider === 'webgpu';
    if (status.phase === 'loading') {
      this.#failToStart('session', detail);
      return;
    }
    if (!onGraphics) {
      this.#fail('session', detail);
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
    this.#say({ kind: 'generate', z }, [z.buffer]);
  }
}
