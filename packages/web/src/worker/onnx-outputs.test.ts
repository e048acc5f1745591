import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { encodeFixture } from '../testing/fixture-model.ts';
import { nodesOf, withOutputs } from './onnx-outputs.ts';

const model = encodeFixture({ name: '', seed: 3, latentSize: 10, size: 32, channels: 4 });

test('reads the nodes of a model in their order', () => {
  expect(nodesOf(model).map(({ operator }) => operator)).toEqual([
    ...['Gemm', 'Relu', 'Reshape', 'ConvTranspose', 'Relu', 'ConvTranspose', 'Relu', 'ConvTranspose', 'Tanh'],
    ...['Add', 'Mul', 'Add', 'Clip', 'Floor', 'Transpose', 'Cast', 'Pad'],
  ]);
});

test('ONNX Runtime gives the added outputs beside those that were there', async () => {
  const names = nodesOf(model).flatMap(({ operator, output }) => (operator === 'Relu' ? [output] : []));
  const session = await InferenceSession.create(withOutputs(model, names));
  expect(session.outputNames).toEqual(['image', 'pixels', ...names]);
  const z = Float32Array.from({ length: 10 }, (_, i) => Math.sin(i));
  const outputs = await session.run({ z: new Tensor('float32', z, [1, 10]) });
  expect(names.map((name) => outputs[name]!.dims)).toEqual([
    [1, 256],
    [1, 8, 8, 8],
    [1, 4, 16, 16],
  ]);
  const rectified = outputs[names[1]!]!.data as Float32Array;
  expect(rectified.every((value) => value >= 0) && rectified.some((value) => value > 0)).toBe(true);
  await session.release();
});
