import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CompileOptions, compile, type NamedValues, ProgramState } from '../index.ts';
import { difference } from '../testing/compare.ts';
import { physicalInputs } from '../testing/physical-inputs.ts';
import { type SmallGan, smallGan } from '../testing/training-step.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The step again and again by TF.js itself, kernel by kernel. */
function eagerSteps({ specs, inputs, step, initialValues, batch }: SmallGan, steps: number) {
  const lossesD: number[] = [];
  let state = initialValues();
  const tensors = (values: NamedValues, of: SmallGan['specs']) =>
    Object.fromEntries(Object.entries(values).map(([name, data]) => [name, tf.tensor(data, [...of[name]!.shape])]));
  for (let i = 0; i < steps; i++) {
    tf.tidy(() => {
      const result = step(tensors(state, specs), tensors(batch(i), inputs));
      lossesD.push(result.outputs!['lossD']!.dataSync()[0]!);
      state = Object.fromEntries(
        Object.entries(result.state!).map(([name, tensor]) => [name, tensor.dataSync().slice() as Float32Array]),
      );
    });
  }
  return { lossesD, state };
}

async function tracedSteps(
  { specs, inputs, step, initialValues, batch }: SmallGan,
  steps: number,
  options: Pick<CompileOptions, 'session' | 'convolution'> = {},
) {
  const state = new ProgramState(specs, initialValues(), { runtime });
  const program = await compile(step, { state, inputs, ...options });
  const lossesD: number[] = [];
  for (let i = 0; i < steps; i++)
    lossesD.push((await program.run(physicalInputs(inputs, batch(i))))['lossD']!.data[0]!);
  const result = { lossesD, state: await state.read() };
  await program.dispose();
  await state.dispose();
  return result;
}

describe('state', () => {
  test.each(['conv', 'gemm'] as const)(
    'is carried from step to step as a loop on the cpu backend carries it, %s',
    async (convolution) => {
      const gan = smallGan();
      const expected = eagerSteps(gan, 12);
      const actual = await tracedSteps(gan, 12, { convolution });
      for (const [i, loss] of expected.lossesD.entries()) expect(actual.lossesD[i]).toBeCloseTo(loss, 4);
      expect(Object.keys(actual.state)).toEqual(Object.keys(gan.specs));
      for (const [name, { shape }] of Object.entries(gan.specs)) {
        const problem = difference({ shape, data: actual.state[name]! }, { shape, data: expected.state[name]! }, 1e-3);
        expect(problem, name).toBeUndefined();
      }
    },
  );

  test('that a step returns unchanged, swapped or not at all is what it should be', async () => {
    const specs = { a: { shape: [2] }, b: { shape: [2] }, same: { shape: [1] }, unread: { shape: [1] } };
    const values = {
      a: Float32Array.of(1, 2),
      b: Float32Array.of(3, 4),
      same: Float32Array.of(5),
      unread: Float32Array.of(6),
    };
    const state = new ProgramState(specs, values, { runtime });
    const program = await compile(({ a, b, same }) => ({ state: { a: b!, b: a!, same: same! } }), {
      state,
      inputs: {},
    });
    for (let i = 0; i < 3; i++) await program.run({});
    expect(await state.read()).toEqual({
      a: Float32Array.of(3, 4),
      b: Float32Array.of(1, 2),
      same: Float32Array.of(5),
      unread: Float32Array.of(6),
    });
    await program.dispose();
  });

  test('is shared by programs', async () => {
    const state = new ProgramState({ w: { shape: [1] } }, { w: Float32Array.of(1) }, { runtime });
    const double = await compile(({ w }) => ({ state: { w: tf.mul(w!, 2) } }), { state, inputs: {} });
    const increase = await compile(({ w }, { by }) => ({ state: { w: tf.add(w!, by!) }, outputs: { before: w! } }), {
      state,
      inputs: { by: { shape: [1] } },
    });
    await double.run({});
    expect((await increase.run({ by: Float32Array.of(3) }))['before']!.data).toEqual(Float32Array.of(2));
    await double.run({});
    expect((await state.read())['w']).toEqual(Float32Array.of(10));
    await double.dispose();
    await increase.dispose();
  });
});

test('inputs of no axes are single numbers, of every type', async () => {
  const inputs = {
    float: { shape: [] },
    int: { shape: [], dtype: 'int32' },
    bool: { shape: [], dtype: 'bool' },
    byte: { shape: [], dtype: 'uint8' },
  } as const;
  const program = await compile(
    (_state, { float, int, bool, byte }) => {
      const sum = tf.add(tf.mul(float!, 2), tf.add(tf.cast(int!, 'float32'), tf.cast(byte!, 'float32')));
      return { outputs: { chosen: tf.where(bool!, sum, float!), next: tf.add(int!, byte!) } };
    },
    { runtime, inputs },
  );
  const run = (flag: number) =>
    program.run({
      float: Float32Array.of(0.5),
      int: Int32Array.of(-3),
      bool: Uint8Array.of(flag),
      byte: Uint8Array.of(200),
    });
  expect(await run(1)).toEqual({
    chosen: { shape: [], data: Float32Array.of(198) },
    next: { shape: [], data: Int32Array.of(197) },
  });
  expect((await run(0))['chosen']!.data).toEqual(Float32Array.of(0.5));
  await program.dispose();
});

describe('a run that fails', () => {
  /** `chosen` is computed last: an index out of range fails the run when the new state is there already. */
  async function failing() {
    const state = new ProgramState(
      { a: { shape: [3] }, b: { shape: [3] } },
      {
        a: Float32Array.of(1, 2, 3),
        b: Float32Array.of(10, 20, 30),
      },
      { runtime },
    );
    const program = await compile(
      ({ a, b }, { index }) => {
        const next = { a: tf.add(a!, 1), b: tf.mul(b!, 2) };
        return { state: next, outputs: { chosen: tf.gather(tf.add(next.a, next.b), index as tf.Tensor1D) } };
      },
      { state, inputs: { index: { shape: [1], dtype: 'int32' } }, session: { logSeverityLevel: 4 } },
    );
    return { state, program };
  }

  test('leaves the state of the run before, and the next run goes on from there', async () => {
    const { state, program } = await failing();
    await program.run({ index: Int32Array.of(0) });
    await expect(program.run({ index: Int32Array.of(7) })).rejects.toThrow(/idx=7/);
    expect(await state.read()).toEqual({ a: Float32Array.of(2, 3, 4), b: Float32Array.of(20, 40, 60) });
    const { chosen } = await program.run({ index: Int32Array.of(2) });
    expect(chosen!.data).toEqual(Float32Array.of(5 + 120));
    expect(await state.read()).toEqual({ a: Float32Array.of(3, 4, 5), b: Float32Array.of(40, 80, 120) });
    await program.dispose();
  });

  test('so does one that overlaps another, or a change of the state meanwhile', async () => {
    const { state, program } = await failing();
    const first = program.run({ index: Int32Array.of(0) });
    const busy = 'the state is in use by a running program; await its run first';
    await expect(program.run({ index: Int32Array.of(0) })).rejects.toThrow(busy);
    await expect(state.read()).rejects.toThrow(busy);
    await expect(state.dispose()).rejects.toThrow(busy);
    expect(() => state.write({ a: new Float32Array(3), b: new Float32Array(3) })).toThrow(busy);
    await first;
    expect(await state.read()).toEqual({ a: Float32Array.of(2, 3, 4), b: Float32Array.of(20, 40, 60) });
    await program.dispose();
  });
});

describe('what run() refuses, by name', () => {
  const inputs = {
    x: { shape: [2, 3] },
    levels: { shape: [2], dtype: 'int32' },
    unread: { shape: [1] },
  } as const;
  const good = { x: new Float32Array(6), levels: new Int32Array(2), unread: new Float32Array(1) };

  test.each<[string, Record<string, Float32Array | Int32Array>, string]>([
    [
      'a missing input',
      { levels: good.levels, unread: good.unread },
      "input 'x' is missing; legal: Float32Array of 6 values, for float32 [2,3]",
    ],
    [
      'too few values',
      { ...good, x: new Float32Array(5) },
      "input 'x' is Float32Array of 5 values; legal: Float32Array of 6 values, for float32 [2,3]",
    ],
    [
      'another type',
      { ...good, levels: new Float32Array(2) },
      "input 'levels' is Float32Array of 2 values; legal: Int32Array of 2 values, for int32 [2]",
    ],
    [
      'an input that the graph does not read',
      { ...good, unread: new Float32Array(2) },
      "input 'unread' is Float32Array of 2 values",
    ],
    ['an unknown input', { ...good, y: new Float32Array(1) }, "there is no input 'y'; legal: x, levels, unread"],
  ])('%s', async (_name, given, expected) => {
    const program = await compile((_state, { x, levels }) => ({ outputs: { sum: tf.sum(x!), levels: levels! } }), {
      runtime,
      inputs,
    });
    await expect(program.run(given)).rejects.toThrow(expected);
    expect((await program.run(good))['sum']!.data).toEqual(Float32Array.of(0));
    await program.dispose();
  });

  test('a disposed program and a disposed state', async () => {
    const state = new ProgramState({ w: { shape: [1] } }, { w: Float32Array.of(1) }, { runtime });
    const make = () => compile(({ w }) => ({ state: { w: tf.add(w!, 1) } }), { state, inputs: {} });
    const [first, second] = [await make(), await make()];
    await first.dispose();
    await expect(first.run({})).rejects.toThrow(/disposed/);
    await second.run({});
    expect((await state.read())['w']).toEqual(Float32Array.of(2));
    await state.dispose();
    await state.dispose();
    await expect(second.run({})).rejects.toThrow('the state was disposed');
    await expect(state.read()).rejects.toThrow('the state was disposed');
    await second.dispose();
  });
});

test.each([
  ['state that is not there', () => ({ state: { w: tf.zeros([2]), v: tf.zeros([2]) } }), /state 'v', .* one of: w/],
  ['another shape', () => ({ state: { w: tf.zeros([3]) } }), /state 'w' as float32 \[3\]; expected float32 \[2\]/],
  ['another type', () => ({ state: { w: tf.zeros([2], 'int32') } }), /state 'w' as int32 \[2\]/],
] as const)('a step that returns %s is refused by name', async (_name, step, expected) => {
  const state = new ProgramState({ w: { shape: [2] } }, { w: new Float32Array(2) }, { runtime });
  await expect(compile(step, { state, inputs: {} })).rejects.toThrow(expected);
});

describe.each(['conv', 'gemm'] as const)('twenty steps, %s', (convolution) => {
  test.each([1, 2])('are the same bit for bit when they are run again with %i threads', async (threads) => {
    // Large enough to be shared out to threads.
    const gan = smallGan({ N: 64, channels: 32 });
    const first = await tracedSteps(gan, 20, { session: { intraOpNumThreads: threads }, convolution });
    const second = await tracedSteps(gan, 20, { session: { intraOpNumThreads: threads }, convolution });
    expect(first.lossesD.every(Number.isFinite)).toBe(true);
    expect(second).toEqual(first);
  });
});

test('memory does not grow over hundreds of steps', { tags: 'slow' }, () => {
  const fixture = fileURLToPath(new URL('memory.fixture.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [fixture], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const megabytes = JSON.parse(stdout) as number[];
  const [firstHalf, secondHalf] = [megabytes.slice(0, 20), megabytes.slice(20)].map((part) => Math.max(...part));
  // Twenty samples are 200 steps of 1 MB in, 1 MB out and 2 MB of state: any of these kept would be 200 MB.
  expect(secondHalf! - firstHalf!, String(megabytes)).toBeLessThan(100);
});
