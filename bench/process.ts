/** @module Processes that are measured: each gets tasks and answers them, one by one. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Rejects when the process ends, with what it last complained of. */
function failureOf(child: ChildProcess): Promise<never> {
  let errors = '';
  child.stderr!.on('data', (text) => {
    errors = `${errors}${text}`.slice(-10_000);
  });
  const failure = once(child, 'close').then(([code, signal]) => {
    const lines = errors.trim().split('\n');
    const reason = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
    throw new Error(reason || `its process ended with ${signal ?? code}`);
  });
  // It is awaited with the answer to a task. A process that is stopped between tasks is no failure.
  failure.catch(() => {});
  return failure;
}

/** A module in a Node process of its own. Tasks and answers are messages; the first message says that it is ready. */
export class NodeProcess {
  readonly #child: ChildProcess;
  readonly #failure: Promise<never>;

  private constructor(script: string, args: readonly string[]) {
    this.#child = fork(script, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: ['--no-warnings'] });
    this.#failure = failureOf(this.#child);
  }

  static async start(script: string, ...args: readonly string[]): Promise<NodeProcess> {
    const started = new NodeProcess(script, args);
    await started.#answer();
    return started;
  }

  async ask<Answer>(task: unknown): Promise<Answer> {
    this.#child.send(task as object);
    return (await this.#answer()) as Answer;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  async #answer(): Promise<unknown> {
    const [answer] = await Promise.race([once(this.#child, 'message'), this.#failure]);
    return answer;
  }
}

/** Any program. Tasks are lines of JSON to its stdin, answers lines of JSON on its stdout; the first line says that it is ready. */
export class LineProcess<Ready> {
  readonly ready: Ready;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #failure: Promise<never>;

  private constructor(ready: Ready, child: ChildProcess, lines: AsyncIterator<string>, failure: Promise<never>) {
    this.ready = ready;
    this.#child = child;
    this.#lines = lines;
    this.#failure = failure;
  }

  static async start<Ready>(command: string, args: readonly string[]): Promise<LineProcess<Ready>> {
    const child = spawn(command, args, { stdio: 'pipe' });
    const failure = failureOf(child);
    await once(child, 'spawn');
    // A write to a process that has ended shows as the end of its answers.
    child.stdin.on('error', () => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new LineProcess<Ready>(await read(lines, failure), child, lines, failure);
  }

  ask<Answer>(task: unknown): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify(task)}\n`);
    return read<Answer>(this.#lines, this.#failure);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

async function read<Answer>(lines: AsyncIterator<string>, failure: Promise<never>): Promise<Answer> {
  const { value, done } = await lines.next();
  return done ? await failure : (JSON.parse(value) as Answer);
}
