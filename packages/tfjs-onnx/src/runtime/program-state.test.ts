import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { compile, type Device, OIHW, ProgramState } from '../index.ts';

const specs = { filter: { shape: [1, 2, 3, 4], order: OIHW }, bias: { shape: [2] } };
const values = () => ({ filter: Float32Array.from({ length: 24 }, (_, i) => i), bias: Float32Array.of(7, 8) });

test('tensors lie in the physical order of their specs and are read in logical order', async () => {
  const state = new ProgramState(specs, values(), { runtime });
  const { dims, data } = state.tensor('filter');
  expect(dims).toEqual([4, 3, 1, 2]);
  // Element [h=0, w=1, i=2, o=3] is number 1*12 + 2*4 + 3 = 23; in OIHW it is the last one, and [0,0,0,1] is the third row.
  expect(data[23]).toBe(23);
  expect(data[6]).toBe(1);
  expect(await state.read()).toEqual(values());
});

test('what was written and what was read are copies', async () => {
  const given = values();
  const state = new ProgramState(specs, given, { runtime });
  given.filter.fill(0);
  given.bias.fill(0);
  const read = await state.read();
  expect(read).toEqual(values());
  read['filter']!.fill(0);
  read['bias']!.fill(0);
  expect(await state.read()).toEqual(values());
});

test('write replaces everything', async () => {
  const state = new ProgramState(specs, values(), { runtime });
  const other = { filter: new Float32Array(24).fill(0.5), bias: Float32Array.of(-1, -2) };
  state.write(other);
  expect(await state.read()).toEqual(other);
});

describe('values that do not fit are refused by name, and nothing is replaced', () => {
  test.each<[string, Record<string, Float32Array>, string]>([
    ['missing', { bias: new Float32Array(2) }, "state 'filter' has no values, its shape [1,2,3,4] needs 24"],
    [
      'of another length',
      { ...values(), bias: new Float32Array(3) },
      "state 'bias' has 3 values, its shape [2] needs 2",
    ],
    ['unknown', { ...values(), extra: new Float32Array(1) }, "there is no state 'extra'; legal: filter, bias"],
  ])('%s', async (_name, given, message) => {
    expect(() => new ProgramState(specs, given, { runtime })).toThrow(message);
    const state = new ProgramState(specs, values(), { runtime });
    const before = { ...given, ...(given['filter'] ? { filter: new Float32Array(24) } : {}) };
    expect(() => state.write(before)).toThrow(message);
    expect(await state.read()).toEqual(values());
  });
});

test('tensors in device memory are freed before the session that made them, whichever is disposed first', async () => {
  // onnxruntime-web frees a tensor with its session's allocator; after the session that ends in "null function".
  const freed: string[] = [];
  class OnDevice {
    readonly location: string;
    readonly dims = [1];
    constructor(location: string) {
      this.location = location;
    }
    dispose(): void {
      freed.push('tensor');
    }
  }
  const session = {
    inputNames: ['state/w'],
    outputNames: ['next/w'],
    run: async () => ({ 'next/w': new OnDevice('gpu-buffer') }),
    release: async () => void freed.push('session'),
  };
  class Host extends OnDevice {
    constructor() {
      super('cpu');
    }
  }
  const device = {
    runtime: { InferenceSession: { create: async () => session }, Tensor: Host } as unknown as Device['runtime'],
    provider: 'webgpu' as const,
  };
  for (const programFirst of [true, false]) {
    freed.length = 0;
    const state = new ProgramState({ w: { shape: [1] } }, { w: new Float32Array(1) }, device);
    const program = await compile(({ w }) => ({ state: { w: tf.add(w!, 1) } }), { state, inputs: {} });
    await program.run({});
    for (const owner of programFirst ? [program, state] : [state, program]) await owner.dispose();
    expect(freed).toEqual(['tensor', 'session']);
  }
});
