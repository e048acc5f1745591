/** @module Random numbers of a traced function: inputs of the graph that are drawn anew for each run. */
import * as tf from '@tensorflow/tfjs-core';
import { callSite } from '../call-site.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { rowMajor, type Traced } from '../graph/traced.ts';
import { sizeOf } from '../graph/types.ts';
import { TraceError } from '../tracing-backend.ts';

/** Prefix of the inputs of a graph that are random numbers. */
export const RANDOM = 'random/';

type Distribution = 'uniform' | 'normal' | 'truncated';

const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  randomUniform: 'uniform',
  randomNormal: 'normal',
  randomStandardNormal: 'normal',
  truncatedNormal: 'truncated',
};

/** Draws standard random numbers of a distribution with TF.js, from a seed. */
const STANDARD: Readonly<Record<Distribution, (shape: number[], seed: number) => tf.Tensor>> = {
  uniform: (shape, seed) => tf.randomUniform(shape, 0, 1, 'float32', seed),
  normal: (shape, seed) => tf.randomNormal(shape, 0, 1, 'float32', seed),
  truncated: (shape, seed) => tf.truncatedNormal(shape, 0, 1, 'float32', seed),
};

/** A tensor of random numbers that a run needs. */
export interface RandomInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly distribution: Distribution;
}

/**
 * Turns the random numbers that a traced function draws into inputs. Numbers that are drawn with a seed of the user's stay constants,
 * because TF.js draws the same ones in every call.
 */
export class RandomCapture {
  readonly inputs: RandomInput[] = [];
  #seed: number | undefined;
  #standard: Float32Array | undefined;
  #drawing = false;
  readonly #random = Math.random;

  /** TF.js seeds a generator with Math.random() if the user gives no seed. */
  enter(): void {
    Math.random = () => {
      this.#seed = this.#random();
      return this.#seed;
    };
  }

  restore(): void {
    Math.random = this.#random;
  }

  /** The graph's tensor in place of numbers that TF.js drew. */
  replace(operation: string, values: Float32Array, shape: readonly number[], graph: GraphBuilder): Traced | undefined {
    if (this.#drawing) {
      this.#standard = values;
      return undefined;
    }
    const seed = this.#seed;
    this.#seed = undefined;
    if (seed === undefined) return undefined;
    const distribution = DISTRIBUTIONS[operation];
    if (!distribution || !(values instanceof Float32Array))
      throw new TraceError(
        `the traced function draws random numbers with tf.${operation} at ${callSite()}; legal: ${Object.keys(DISTRIBUTIONS).join(', ')} of float32, or numbers with a seed, or numbers passed as an input`,
      );
    const { offset, factor } = this.#parameters(distribution, values, shape, seed);
    const name = `${RANDOM}${this.inputs.length}`;
    this.inputs.push({ name, shape, distribution });
    const drawn = graph.input(name, shape, 'float32');
    const scaled = factor === 1 ? drawn : graph.emit('Mul', [drawn, graph.scalar(factor)], shape, 'float32');
    return rowMajor(offset === 0 ? scaled : graph.emit('Add', [scaled, graph.scalar(offset)], shape, 'float32'));
  }

  /** Offset and factor that lead from standard numbers of the same seed to those that TF.js drew: it does not tell them. */
  #parameters(distribution: Distribution, values: Float32Array, shape: readonly number[], seed: number) {
    this.#drawing = true;
    STANDARD[distribution]([...shape], seed).dispose();
    this.#drawing = false;
    const standard = this.#standard!;
    let [least, most] = [0, 0];
    for (const [i, number] of standard.entries()) {
      if (number < standard[least]!) least = i;
      if (number > standard[most]!) most = i;
    }
    const range = standard[most]! - standard[least]!;
    if (range === 0) {
      if (values.every((value, i) => value === standard[i])) return { offset: 0, factor: 1 };
      throw new TraceError(`the traced function draws a single random number at ${callSite()}; draw at least two`);
    }
    const factor = rounded((values[most]! - values[least]!) / range);
    return { factor, offset: rounded(values[least]! - factor * standard[least]!) };
  }
}

/** The number without the error of float32. */
const rounded = (number: number): number => Number(number.toPrecision(6));

/** Seeded standard random numbers: sfc32, a generator of PractRand by C. Doty-Humphrey. */
export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number) {
    [this.#a, this.#b] = [seed | 0, Math.floor(seed / 2 ** 32) | 0];
    for (let i = 0; i < 12; i++) this.uniform();
  }

  /** In [0, 1). */
  uniform(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 8) / 2 ** 24;
  }

  /** Box and Muller's transform. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  draw({ shape, distribution }: RandomInput): Float32Array {
    const values = new Float32Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++) {
      let value = distribution === 'uniform' ? this.uniform() : this.normal();
      while (distribution === 'truncated' && Math.abs(value) > 2) value = this.normal();
      values[i] = value;
    }
    return values;
  }
}
