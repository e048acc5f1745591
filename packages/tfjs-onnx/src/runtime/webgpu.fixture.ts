/** @module Prints, as JSON, what a few steps of a small GAN come to: node webgpu.fixture.ts cpu|webgpu conv|gemm fp32|mixed. */
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import {
  type ConvolutionLowering,
  compile,
  type NamedValues,
  type Precision,
  ProgramState,
  type Provider,
} from '../index.ts';
import { physicalInputs } from '../testing/physical-inputs.ts';
import { smallGan } from '../testing/training-step.ts';

const [provider, convolution, precision] = process.argv.slice(2) as [Provider, ConvolutionLowering, Precision];

const { specs, inputs, step, initialValues, batch } = smallGan();
const state = new ProgramState(specs, initialValues(), { runtime, provider });
const program = await compile(step, { state, inputs, convolution, precision });
const losses: number[] = [];
const run = async (count: number) => {
  for (let i = 0; i < count; i++) {
    const { lossD, lossG } = await program.run(physicalInputs(inputs, batch(losses.length)));
    losses.push(lossD!.data[0]!, lossG!.data[0]!);
  }
  return state.read();
};
const parameters: NamedValues[] = [await run(3)];
// Back to the start: the same steps again must come to the same.
state.write(initialValues());
losses.length = 0;
parameters.push(await run(3), await run(3));

// State that a step returns as another's, or as it was, next to one that it computes.
const pair = new ProgramState(
  { a: { shape: [2] }, b: { shape: [2] }, c: { shape: [2] } },
  { a: Float32Array.of(1, 2), b: Float32Array.of(3, 4), c: Float32Array.of(5, 6) },
  { runtime, provider },
);
const swap = await compile(({ a, b, c }) => ({ state: { a: b!, b: a!, c: tf.add(c!, a!) } }), {
  state: pair,
  inputs: {},
});
for (let i = 0; i < 3; i++) await swap.run({});
const swapped = await pair.read();

// Pictures as bytes.
const pixels = await compile(
  (_state, { x }) => ({ outputs: { y: tf.sub(tf.div(tf.cast(x!, 'float32'), 127.5), 1), z: tf.add(x!, 1) } }),
  {
    runtime,
    provider,
    inputs: { x: { shape: [2, 3], dtype: 'uint8' } },
  },
);
const { y, z } = await pixels.run({ x: Uint8Array.of(0, 1, 127, 128, 254, 255) });

for (const owner of [program, swap, pixels, state, pair]) await owner.dispose();
const listed = (values: NamedValues) =>
  Object.fromEntries(Object.entries(values).map(([name, data]) => [name, [...data]]));
console.log(
  JSON.stringify({
    losses,
    parameters: parameters.map(listed),
    swapped: listed(swapped),
    pixels: [...y!.data, ...z!.data],
  }),
);
