/** The loop without Node: photos, checkpoints and log in memory, the step on onnxruntime-web's WebAssembly. */
import { type PictureSource, UniformStream } from '@latent-dogs/latent';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import { createOnnxNetworks } from '../step/onnx-networks.ts';
import type { LogLine, RunEvent } from './log-line.ts';
import { photoDiversity } from './photo-diversity.ts';
import type { Checkpoint, RunStore } from './run-store.ts';
import { parseSafetensors, safetensorsPieces } from './safetensors.ts';
import { train } from './train.ts';
import { transferable, transferredState } from './transfer.ts';

web.env.wasm.numThreads = 1;

const config: Config = {
  ...presetConfig('dogs', 'photos'),
  ...{ channels: 8, latent: 8, batch: 4, images: 48, emaImages: 100 },
  ...{ tickEvery: 8, sheetEvery: 16, checkpointEvery: 16, evaluateEvery: 24 },
};

/** Pictures of two colours with noise. */
const photos: PictureSource = {
  count: 9,
  size: 64,
  read: async (indices, out) => {
    const bytes = out.length / indices.length;
    for (let i = 0; i < indices.length; i++) {
      const uniforms = new UniformStream(indices[i]!);
      const colour = uniforms.nextInt(200);
      for (let at = 0; at < bytes; at++) out[i * bytes + at] = colour + uniforms.nextInt(56);
    }
  },
};

/** A run in memory. Checkpoints pass through the bytes that a file has. */
class MemoryStore implements RunStore {
  readonly lines: LogLine[] = [];
  readonly events: RunEvent[] = [];
  readonly sheets: number[] = [];
  checkpoints: Checkpoint[] = [];

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    const bytes = new Uint8Array(
      await new Blob([...safetensorsPieces(checkpoint.tensors)] as Uint8Array<ArrayBuffer>[]).arrayBuffer(),
    );
    const state = JSON.parse(JSON.stringify(checkpoint.state));
    this.checkpoints.push({ ...checkpoint, tensors: parseSafetensors(bytes), state });
  }

  async rollbackCheckpoint(): Promise<Checkpoint | null> {
    return this.checkpoints.findLast(({ healthy }) => healthy) ?? null;
  }

  async truncateAfter(imagesSeen: number): Promise<void> {
    this.checkpoints = this.checkpoints.filter((checkpoint) => checkpoint.imagesSeen <= imagesSeen);
    this.lines.splice(this.lines.findIndex((line) => line.imagesSeen > imagesSeen));
  }

  log(line: LogLine): void {
    this.lines.push(line);
  }

  event(event: RunEvent): void {
    this.events.push(event);
  }

  async writeSheet(imagesSeen: number, pictures: Float32Array): Promise<void> {
    expect(pictures).toHaveLength(64 * 64 * 64 * 3);
    this.sheets.push(imagesSeen);
  }
}

async function run(
  store: RunStore,
  changes: Partial<Config> = {},
  options: {
    runtime?: typeof web | typeof native;
    checkpoint?: Checkpoint;
    stopAfter?: number;
    checkpointSeconds?: number;
  } = {},
) {
  const { runtime = web, checkpoint = null, stopAfter = Number.POSITIVE_INFINITY, checkpointSeconds } = options;
  const messages: string[] = [];
  let steps = 0;
  const result = await train({
    config: { ...config, ...changes },
    photos,
    realDiversity: await photoDiversity(photos, 0),
    createNetworks: (settings, values) => createOnnxNetworks(settings, { runtime: runtime as typeof web }, values),
    store,
    evaluate: async (sample) => ({ mean: (await sample(new Float32Array(64 * 8)))[0]! }),
    checkpoint,
    shouldStop: () => steps++ >= stopAfter,
    checkpointSeconds,
    onTick: () => {},
    onMessage: (message) => messages.push(message),
  });
  return { result, messages };
}

const losses = ({ lines }: MemoryStore) => lines.flatMap(({ lossD, lossG }) => [lossD!, lossG!]);

test('trains in WebAssembly: ticks, sheets, checkpoints and evaluations when they are due, losses as in onnxruntime-node', async () => {
  const [inWeb, onNode] = [new MemoryStore(), new MemoryStore()];
  const { result } = await run(inWeb);
  expect(result).toEqual({ finished: true, imagesSeen: 48 });
  expect(inWeb.lines.map(({ imagesSeen }) => imagesSeen)).toEqual([8, 16, 24, 32, 40, 48]);
  expect(inWeb.lines.map(({ metrics }) => metrics !== undefined)).toEqual([false, false, true, false, false, true]);
  expect(inWeb.lines.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(inWeb.sheets).toEqual([0, 16, 32, 48]);
  expect(inWeb.checkpoints.map(({ imagesSeen }) => imagesSeen)).toEqual([0, 16, 24, 32, 48]);
  await run(onNode, {}, { runtime: native });
  // Rounding differs between the two, and Adam's first steps magnify it: equal to five digits at first, in the end to two.
  for (const [i, loss] of losses(onNode).entries()) expect(losses(inWeb)[i]).toBeCloseTo(loss, i < 2 ? 5 : 2);
});

test('a checkpoint is also written after so many seconds without one', async () => {
  const store = new MemoryStore();
  await run(store, { images: 16, checkpointEvery: 1_000 }, { checkpointSeconds: 0 });
  expect(store.checkpoints.map(({ imagesSeen }) => imagesSeen)).toEqual([0, 4, 8, 12, 16]);
});

const timeless = ({ lines }: MemoryStore) => lines.map(({ seconds: _, imagesPerSecond: __, ...line }) => line);

test('an evaluation comes with a checkpoint, and with the end of a run that had one before', async () => {
  const evaluated = async (changes: Partial<Config>) => {
    const store = new MemoryStore();
    await run(store, { checkpointEvery: 1_000, ...changes }, { runtime: native });
    const lines = store.lines.filter(({ metrics }) => metrics).map(({ imagesSeen }) => imagesSeen);
    return { lines, checkpoints: store.checkpoints.map(({ imagesSeen }) => imagesSeen) };
  };
  expect(await evaluated({ evaluateEvery: 20 })).toEqual({ lines: [24, 40, 48], checkpoints: [0, 24, 40, 48] });
  expect(await evaluated({ evaluateEvery: 50 })).toEqual({ lines: [], checkpoints: [0, 48] });
  expect(await evaluated({ evaluateEvery: 0 })).toEqual({ lines: [], checkpoints: [0, 48] });
});

test('stopped and gone on with, a run comes to the same tensors and the same log', async () => {
  const [whole, parts] = [new MemoryStore(), new MemoryStore()];
  await run(whole);
  const { result } = await run(parts, {}, { stopAfter: 5 });
  expect(result).toEqual({ finished: false, imagesSeen: 20 });
  await run(parts, {}, { checkpoint: parts.checkpoints.at(-1)! });
  expect(timeless(parts)).toEqual(timeless(whole));
  expect(parts.checkpoints.at(-1)!.tensors).toEqual(whole.checkpoints.at(-1)!.tensors);
});

const HELD_OUT_NUMBERS = [
  ...['logitReal', 'logitHeldOut', 'logitFake'],
  ...['probabilityReal', 'probabilityHeldOut', 'probabilityFake', 'rv'],
] as const;
type HeldOutNumbers = Record<string, number | undefined>;

test('with photos held out, D is measured at every evaluation; training goes on as without the measurement', async () => {
  const heldOut: Partial<Config> = { holdOut: 0.4, spectral: true, evaluateEvery: 16 };
  const store = new MemoryStore();
  await run(store, heldOut, { runtime: native });
  const measured = store.lines.filter((line) => 'rv' in line);
  expect(measured.map(({ imagesSeen }) => imagesSeen)).toEqual([16, 32, 48]);
  for (const line of measured as unknown as HeldOutNumbers[]) {
    for (const name of HELD_OUT_NUMBERS) expect(Number.isFinite(line[name]), name).toBe(true);
    const { logitReal, logitHeldOut, logitFake, rv } = line as Record<string, number>;
    expect(rv).toBeCloseTo((logitReal! - logitHeldOut!) / (logitReal! - logitFake!), 6);
  }
  // 9 · 0.4 rounds to 4: 5 photos are trained on.
  expect(store.lines.map(({ epoch }) => epoch)).toEqual([2, 4, 5, 7, 8, 10]);

  const unmeasured = new MemoryStore();
  await run(unmeasured, { ...heldOut, evaluateEvery: 1_000 }, { runtime: native });
  expect(unmeasured.lines.some((line) => 'rv' in line)).toBe(false);
  expect(unmeasured.checkpoints.at(-1)!.tensors).toEqual(store.checkpoints.at(-1)!.tensors);

  const parts = new MemoryStore();
  await run(parts, heldOut, { runtime: native, stopAfter: 5 });
  await run(parts, heldOut, { runtime: native, checkpoint: parts.checkpoints.at(-1)! });
  expect(timeless(parts)).toEqual(timeless(store));
  expect(parts.checkpoints.at(-1)!.tensors).toEqual(store.checkpoints.at(-1)!.tensors);
});

test('without held-out photos the log has none of their numbers', async () => {
  const store = new MemoryStore();
  await run(store, {}, { runtime: native });
  expect(store.lines.some((line) => HELD_OUT_NUMBERS.some((name) => name in line))).toBe(false);
});

test('with ADA a run is the same too, stopped after any of the four steps between changes of p', async () => {
  // p changes by 4 · 4 / 32 = 1/2 every four steps.
  const ada: Partial<Config> = { ada: 0.1, adaImages: 32, augment: ['color', 'translation', 'cutout'] };
  const whole = new MemoryStore();
  await run(whole, ada, { runtime: native });
  expect(whole.lines.map(({ augmentP }) => augmentP)).toEqual([0, 0.5, 0.5, 1, 1, 1]);
  for (const stopAfter of [4, 5, 6, 7]) {
    const parts = new MemoryStore();
    await run(parts, ada, { runtime: native, stopAfter });
    await run(parts, ada, { runtime: native, checkpoint: parts.checkpoints.at(-1)! });
    expect(timeless(parts)).toEqual(timeless(whole));
    expect(parts.checkpoints.at(-1)!.tensors).toEqual(whole.checkpoints.at(-1)!.tensors);
  }
});

test('a checkpoint of tensors alone begins a training with them', async () => {
  const [whole, again] = [new MemoryStore(), new MemoryStore()];
  await run(whole, {}, { runtime: native });
  const { tensors } = whole.checkpoints[0]!;
  await run(again, {}, { runtime: native, checkpoint: { imagesSeen: 0, healthy: true, tensors, state: {} } });
  expect(again.sheets).toEqual(whole.sheets);
  expect(again.checkpoints.map(({ imagesSeen }) => imagesSeen)).toEqual([0, 16, 24, 32, 48]);
  expect(timeless(again)).toEqual(timeless(whole));
  expect(again.checkpoints.at(-1)!.tensors).toEqual(whole.checkpoints.at(-1)!.tensors);
});

test('from trained networks: the average of G moves away from theirs slowly', async () => {
  const [first, second] = [new MemoryStore(), new MemoryStore()];
  await run(first, {}, { runtime: native });
  const source = first.checkpoints.at(-1)!.tensors;
  const transferred: Partial<Config> = { from: 'models/dogs', emaImages: 1_000, lrG: 0.01, images: 16 };
  const tensors = transferredState({ ...config, ...transferred }, transferable(source));
  await run(second, transferred, { runtime: native, checkpoint: { imagesSeen: 0, healthy: true, tensors, state: {} } });
  const [start, end] = [second.checkpoints[0]!, second.checkpoints.at(-1)!];
  expect(transferable(start.tensors)).toEqual(transferable(source));
  const moved = (name: string) => {
    const [before, after] = [start.tensors[name]!.data, end.tensors[name]!.data];
    return Math.hypot(...after.map((value, i) => value - before[i]!));
  };
  // 16 images are a 62nd of the half-life: the average is at least 98 % the source's.
  expect(moved('g/2/filter')).toBeGreaterThan(0.01);
  expect(moved('ema/g/2/filter') / moved('g/2/filter')).toBeLessThan(0.03);
  expect(moved('ema/g/2/filter')).toBeGreaterThan(0);
});

test('a checkpoint of a version without r_t and ADA continues exactly', async () => {
  const [whole, parts] = [new MemoryStore(), new MemoryStore()];
  await run(whole, {}, { runtime: native });
  await run(parts, {}, { runtime: native, stopAfter: 5 });
  const checkpoint = parts.checkpoints.at(-1)!;
  const { ada: _, ...state } = checkpoint.state as Record<string, Record<string, unknown>>;
  delete state['tick']!['signReal'];
  delete state['batches']!['gates'];
  await run(parts, {}, { runtime: native, checkpoint: { ...checkpoint, state } });
  const withoutSign = (store: MemoryStore) => timeless(store).map(({ signReal: _, ...line }) => line);
  expect(withoutSign(parts)).toEqual(withoutSign(whole));
  expect(parts.lines.map(({ signReal }) => Number.isFinite(signReal))).toEqual(Array(6).fill(true));
  expect(parts.checkpoints.at(-1)!.tensors).toEqual(whole.checkpoints.at(-1)!.tensors);
});

test('the log has the rates in effect: decay takes them down', async () => {
  const store = new MemoryStore();
  await run(store, { decayImages: 32, lrG: 1e-4, lrD: 2e-4 });
  // Rates of the last step of each tick, which begins 4 images before the tick ends.
  const left = [4, 12, 20, 28, 36, 44].map((seen) => Math.min(1, (48 - seen) / 32));
  for (const [i, line] of store.lines.entries()) {
    expect(line.lrG).toBeCloseTo(1e-4 * left[i]!, 12);
    expect(line.lrD).toBeCloseTo(2e-4 * left[i]!, 12);
  }
});

test('values that are no longer finite: back to the last healthy checkpoint at a quarter of the rates, then the end', async () => {
  const store = new MemoryStore();
  const wild: Partial<Config> = { lrG: 1, lrD: 1, beta2: 0, normD: 'none', images: 4_000 };
  await expect(run(store, { ...wild, ada: 0.1, adaImages: 4_000 })).rejects.toThrow(/roll-backs/);
  const rollbacks = store.events.filter(({ event }) => event === 'guard-rolled-back');
  expect(rollbacks.map(({ lrScaleD }) => lrScaleD)).toEqual([1 / 4, 1 / 16, 1 / 64]);
  expect(store.events.at(-1)!.event).toBe('guard-gave-up');
  for (const { to, from } of rollbacks) expect(Number(to)).toBeLessThan(Number(from));
  // What came after the checkpoint is forgotten; the roll-back itself is kept in it.
  const kept = store.checkpoints.at(-1)!;
  expect(kept.state['policy']).toMatchObject({ rollbacks: 3, lrScaleD: 1 / 64 });
  // ADA continues as it was at the checkpoint.
  const { to } = rollbacks.at(-1)!;
  const [before, ...after] = store.checkpoints.filter(({ imagesSeen }) => imagesSeen === to);
  expect(after.length).toBeGreaterThan(0);
  for (const { state } of after) expect(state['ada']).toEqual(before!.state['ada']);
});
