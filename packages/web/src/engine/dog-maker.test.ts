import { expect, onTestFinished, test, vi } from 'vitest';
import { DogMaker } from './dog-maker.ts';
import type { Reply, Request } from './protocol.ts';

/** A worker that says what the test tells it to. */
class FakeWorker {
  readonly requests: Request[] = [];
  terminated = false;
  onmessage: ((event: MessageEvent<Reply>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  postMessage(request: Request) {
    this.requests.push(request);
  }
  terminate() {
    this.terminated = true;
  }
  say(reply: Reply) {
    this.onmessage?.({ data: reply } as MessageEvent<Reply>);
  }
  get generating() {
    return this.requests.filter((request) => request.kind === 'generate');
  }
  /** Answers the newest batch: every pixel of a dog has the first number of its z. */
  generate() {
    const { z } = this.generating.at(-1)!;
    const count = z.length / 2;
    const pixels = new Uint8Array(count * 4);
    for (let i = 0; i < count; i++) pixels.fill(z[(i * z.length) / count]!, i * 4, i * 4 + 4);
    this.say({ kind: 'generated', pixels, milliseconds: 2 * count });
  }
}

const SOURCE = { address: 'model', bytes: 10, sha256: '', size: 1 };
const READY = { kind: 'ready', threads: 1, files: [] } as const;

function begin(options: Parameters<DogMaker['start']>[1] = {}) {
  const workers: FakeWorker[] = [];
  const maker = new DogMaker(() => {
    workers.push(new FakeWorker());
    return workers.at(-1)! as unknown as Worker;
  });
  maker.start(SOURCE, options);
  return { maker, workers };
}

const z = (first: number) => Float32Array.of(first, 0);

test('dogs wait for the generator, then come in batches, each to its own request', async () => {
  const { maker, workers } = begin();
  const asked = [1, 2, 3].map((first) => maker.make(z(first), 'seen'));
  expect(workers[0]!.generating).toEqual([]);
  workers[0]!.say({ ...READY, provider: 'wasm' });
  for (let batch = 0; batch < 3; batch++) {
    const before = workers[0]!.generating.length;
    workers[0]!.generate();
    if (workers[0]!.generating.length === before) break;
  }
  expect((await Promise.all(asked)).map(([level]) => level)).toEqual([1, 2, 3]);
  expect(maker.millisecondsPerDog.value).toBeCloseTo(2);
});

test('the dog on the stage comes before those on the screen, and an abandoned one is not made', async () => {
  const { maker, workers } = begin();
  const giveUp = new AbortController();
  void maker.make(z(1), 'seen');
  void maker.make(z(2), 'seen', giveUp.signal);
  const live = maker.make(z(3), 'live');
  giveUp.abort();
  workers[0]!.say({ ...READY, provider: 'wasm' });
  expect(workers[0]!.generating[0]!.z[0]).toBe(3);
  workers[0]!.generate();
  expect((await live)[0]).toBe(3);
  workers[0]!.generate();
  expect(workers[0]!.generating.map((request) => request.z[0])).toEqual([3, 1]);
});

test('after the graphics device is lost, WebAssembly makes the dogs requested before', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { maker, workers } = begin();
  workers[0]!.say({ ...READY, provider: 'webgpu' });
  const first = maker.make(z(1), 'seen');
  const second = maker.make(z(2), 'seen');
  workers[0]!.say({ kind: 'lost', detail: 'gone' });
  expect(workers[0]!.terminated).toBe(true);
  expect(maker.fellBack.value).toBe(true);
  expect(workers[1]!.requests[0]).toMatchObject({ kind: 'start', provider: 'wasm' });
  // Messages of the lost worker are ignored.
  workers[0]!.say({ kind: 'failed', reason: 'session', detail: '' });
  workers[1]!.say({ ...READY, provider: 'wasm' });
  workers[1]!.generate();
  workers[1]!.generate();
  expect((await first)[0]).toBe(1);
  expect((await second)[0]).toBe(2);
});

test('if WebAssembly breaks down, that is a failure; a new start begins afresh', () => {
  const { maker, workers } = begin();
  workers[0]!.say({ ...READY, provider: 'wasm' });
  workers[0]!.say({ kind: 'lost', detail: 'out of memory' });
  expect(maker.status.value).toEqual({ phase: 'failed', reason: 'session', detail: 'out of memory' });
  maker.start(SOURCE);
  expect(maker.status.value.phase).toBe('loading');
  workers[1]!.say({ kind: 'progress', received: 7, bytes: 10 });
  expect(maker.status.value).toEqual({ phase: 'loading', received: 7, bytes: 10 });
});

test('a generator that hangs with several threads starts once more with one', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { maker, workers } = begin({ threads: 4 });
  const dog = maker.make(z(1), 'seen');
  expect(workers[0]!.requests[0]).toMatchObject({ kind: 'start', threads: 4 });
  // A slow download has no limit.
  vi.runAllTimers();
  expect(workers.length).toBe(1);
  workers[0]!.say({ kind: 'arrived' });
  vi.runAllTimers();
  expect(workers[0]!.terminated).toBe(true);
  expect(workers[1]!.requests[0]).toMatchObject({ kind: 'start', provider: 'wasm', threads: 1 });
  workers[1]!.say({ kind: 'arrived' });
  workers[1]!.say({ ...READY, provider: 'wasm' });
  vi.runAllTimers();
  workers[1]!.generate();
  expect((await dog)[0]).toBe(1);
});

test('a generator that hangs on a graphics processor starts on the processor, and a second time it is a failure', () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { maker, workers } = begin();
  for (const worker of [0, 1]) {
    expect(workers.length).toBe(worker + 1);
    workers[worker]!.say({ kind: 'arrived' });
    vi.runAllTimers();
  }
  expect(workers[1]!.requests[0]).toMatchObject({ kind: 'start', provider: 'wasm', threads: 1 });
  expect(maker.status.value).toMatchObject({ phase: 'failed', reason: 'session' });
  expect(workers.length).toBe(2);
});

test('several threads that cannot start are replaced by one; if that fails too, it is a failure', () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { maker, workers } = begin({ threads: 2 });
  workers[0]!.say({ kind: 'failed', reason: 'session', detail: 'no shared memory' });
  expect(maker.status.value.phase).toBe('loading');
  workers[1]!.say({ kind: 'failed', reason: 'session', detail: 'no memory' });
  expect(maker.status.value).toEqual({ phase: 'failed', reason: 'session', detail: 'no memory' });
  expect(workers.length).toBe(2);
});

test('a file that does not arrive is no reason for another start, and a missing script is called that', () => {
  const { maker, workers } = begin({ threads: 2 });
  workers[0]!.say({ kind: 'failed', reason: 'damaged', detail: 'x' });
  // Another download of that worker goes on.
  workers[0]!.say({ kind: 'progress', received: 7, bytes: 10 });
  expect(maker.status.value).toMatchObject({ phase: 'failed', reason: 'damaged' });
  expect(workers[0]!.terminated).toBe(true);
  maker.start(SOURCE, { threads: 2 });
  // A script that does not arrive gives an event without a message.
  workers[1]!.onerror?.({} as ErrorEvent);
  expect(maker.status.value).toMatchObject({ phase: 'failed', reason: 'script' });
  expect(workers.length).toBe(2);
});

test('a browser that cannot read the script of the worker is too old, and that is not called a lack of memory', () => {
  const { maker, workers } = begin({ threads: 2 });
  const message = 'SyntaxError: import.meta may only appear in a module';
  workers[0]!.onerror?.({ message } as ErrorEvent);
  expect(maker.status.value).toEqual({ phase: 'failed', reason: 'no-simd', detail: message });
  expect(workers.length).toBe(1);
  // What a host sends instead of the script is not the browser's fault.
  maker.start(SOURCE, { threads: 1 });
  workers[1]!.onerror?.({ message: "Uncaught SyntaxError: Unexpected token '<'" } as ErrorEvent);
  expect(maker.status.value).toMatchObject({ phase: 'failed', reason: 'session' });
});

test('the worker of another maker takes over what is asked for, without losing any', async () => {
  const { maker, workers } = begin();
  workers[0]!.say({ ...READY, provider: 'wasm' });
  const first = maker.make(z(1), 'seen');
  const second = maker.make(z(2), 'seen');
  const rival = begin({ threads: 4 });
  rival.workers[0]!.say({ ...READY, provider: 'wasm', threads: 4 });
  maker.adopt(rival.maker);
  expect(workers[0]!.terminated).toBe(true);
  expect(maker.status.value).toMatchObject({ phase: 'ready', threads: 4 });
  rival.workers[0]!.generate();
  rival.workers[0]!.generate();
  expect([(await first)[0], (await second)[0]]).toEqual([1, 2]);
});
