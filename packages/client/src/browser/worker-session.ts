/** @module The page's side of one worker. */
import { packageFiles, startWorker } from './package-files.ts';
import type { Reply, Request } from './protocol.ts';

interface WorkerOptions {
  readonly provider: 'wasm' | 'webgpu';
  readonly threads: number;
  readonly files: string | URL | undefined;
}

export class WorkerSession {
  readonly provider: 'wasm' | 'webgpu';
  readonly #worker: Worker;
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  #failure: Error | undefined;

  private constructor(provider: 'wasm' | 'webgpu', worker: Worker) {
    this.provider = provider;
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.kind === 'failed') this.#fail(new Error(data.detail));
      else this.#waiting?.resolve(data);
    };
    worker.onerror = (event) => this.#fail(new Error(event.message || 'the worker did not start'));
  }

  /** @param onnx is copied to the worker */
  static async open(
    onnx: Uint8Array<ArrayBuffer>,
    { provider, threads, files }: WorkerOptions,
  ): Promise<WorkerSession> {
    const { worker, glue, wasm } = packageFiles(provider, files);
    const session = new WorkerSession(provider, startWorker(worker));
    try {
      // Threads are workers that ONNX Runtime's script starts from its own address.
      const isOwn = new URL(glue).origin === location.origin;
      await session.#ask({ kind: 'open', onnx, glue, wasm, threads: isOwn ? threads : 1 });
    } catch (error) {
      session.end();
      throw error;
    }
    return session;
  }

  /** Call it only after the previous run has ended. @throws Error after which the session is of no use */
  async run(z: Float32Array<ArrayBuffer>): Promise<Uint8Array> {
    const reply = await this.#ask({ kind: 'run', z });
    if (reply.kind !== 'pixels') throw new Error(`The worker answered "${reply.kind}".`);
    return reply.pixels;
  }

  end(): void {
    this.#worker.terminate();
  }

  async #ask(request: Request): Promise<Reply> {
    if (this.#failure) throw this.#failure;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(request);
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
  }
}
