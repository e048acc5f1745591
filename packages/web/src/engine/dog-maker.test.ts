import { expect, test, vi } from 'vitest';
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
    const { count, z } = this.generating.at(-1)!;
    const pixels = new Uint8Array(count * 4);
    for (let i = 0; i < count; i++) pixels.fill(z[(i * z.length) / count]!, i * 4, i * 4 + 4);
    this.say({ kind: 'generated', pixels, milliseconds: 2 * count });
  }
}

const SOURCE = { address: 'model', bytes: 10, sha256: '', size: 1 };
const READY = { kind: 'ready', threads: 1, files: [] } as const;

function begin() {
  const workers: FakeWorker[] = [];
  const maker = new DogMaker(() => {
    workers.push(new FakeWorker());
    return workers.at(-1)! as unknown as Worker;
  });
  maker.start(SOURCE);
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
  workers[1]!.say({ kind: 'progress', received: 7 });
  expect(maker.status.value).toEqual({ phase: 'loading', received: 7, bytes: 10 });
});
