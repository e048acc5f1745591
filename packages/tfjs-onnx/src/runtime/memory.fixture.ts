/** @module Prints the resident memory in MB, once in ten of 400 steps, each with 2 MB of state, 1 MB in and 1 MB out. */
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import { compile, ProgramState } from '../index.ts';

const SIZE = 2 ** 18;
const shape = [SIZE];

const state = new ProgramState(
  { weights: { shape }, moments: { shape } },
  { weights: new Float32Array(SIZE), moments: new Float32Array(SIZE) },
  { runtime },
);
const program = await compile(
  ({ weights, moments }, { x }) => {
    const next = tf.add(tf.mul(moments!, 0.9), x!);
    return { state: { weights: tf.sub(weights!, next), moments: next }, outputs: { y: tf.tanh(next) } };
  },
  { state, inputs: { x: { shape } } },
);

const step = () => program.run({ x: new Float32Array(SIZE).fill(0.5) });
for (let i = 0; i < 100; i++) await step();
const megabytes: number[] = [];
for (let sample = 0; sample < 40; sample++) {
  for (let i = 0; i < 10; i++) await step();
  state.write(await state.read());
  megabytes.push(Math.round(process.memoryUsage().rss / 2 ** 20));
}
console.log(JSON.stringify(megabytes));
