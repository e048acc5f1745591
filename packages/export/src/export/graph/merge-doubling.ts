/** @module "Nearest pixels twice as large, then a 3x3 convolution" as one transposed convolution: half the time. */
import type { Graph } from '@latent-dogs/tfjs-onnx';
import { constant, emit, integers, type Node, rewrite } from './rewrite.ts';

/**
 * Resize by 2 is a transposed convolution with a 2x2 filter of ones and stride 2; the 3x3 convolution after it makes
 * that 4x4, each of its taps spread over 2x2. The same sums with 16 products where there were 36, exact up to rounding.
 *
 * The file keeps the nine taps: ONNX Runtime spreads them, MatMul(filter [I, O, 9], [9, 16]), when it loads the model.
 */
export function mergeDoubling(graph: Graph): Graph {
  return rewrite(graph, (node) => {
    if (!isThreeByThree(node)) return undefined;
    const [resized, filter, ...bias] = node.inputs;
    if (!resized?.node || !isDoubling(resized.node) || !filter?.constant) return undefined;
    const [O, I] = filter.shape as [number, number, number, number];
    const taps = constant(outputsSecond(filter.constant as Float32Array, O, I), [I, O, 9], 'float32');
    const spread = emit('MatMul', [taps, constant(spreading(), [9, 16], 'float32')], [I, O, 16], 'float32');
    const weights = emit('Reshape', [spread, integers(I, O, 4, 4)], [I, O, 4, 4], 'float32');
    const [output] = node.outputs;
    return emit('ConvTranspose', [resized.node.inputs[0]!, weights, ...bias], output!.shape, output!.type, {
      kernel_shape: [4, 4],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
  });
}

const isThreeByThree = ({ operator, attributes }: Node) =>
  operator === 'Conv' &&
  String(attributes.kernel_shape) === '3,3' &&
  String(attributes.strides) === '1,1' &&
  String(attributes.dilations) === '1,1' &&
  String(attributes.pads) === '1,1,1,1';

const isDoubling = ({ operator, attributes, inputs }: Node) =>
  operator === 'Resize' && attributes.mode === 'nearest' && String(inputs[2]?.constant) === '1,1,2,2';

/** [O, I, 3, 3] -> [I, O, 3, 3] */
function outputsSecond(filter: Float32Array, O: number, I: number): Float32Array {
  const swapped = new Float32Array(filter.length);
  for (let o = 0; o < O; o++) {
    for (let i = 0; i < I; i++) swapped.set(filter.subarray((o * I + i) * 9, (o * I + i + 1) * 9), (i * O + o) * 9);
  }
  return swapped;
}

/** [9, 16]: where tap (y, x) of a convolution goes in the transposed one, which reads its filter from the other end. */
function spreading(): Float32Array {
  const matrix = new Float32Array(9 * 16);
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) {
      for (const [down, right] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        matrix[(3 * y + x) * 16 + 4 * (2 - y + down) + (2 - x + right)] = 1;
      }
    }
  }
  return matrix;
}
