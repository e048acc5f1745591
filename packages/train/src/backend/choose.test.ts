import type { Config } from '@latent-dogs/dcgan';
import { presetConfig } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { chooseCompute } from './choose.ts';
import type { Compute } from './compute.ts';
import type { Trial } from './trial/trial.ts';

/** A fake machine: the named pairs run at the given images/s, all others fail with a distinct reason. */
function machine(speeds: Record<string, number>) {
  const tried: string[] = [];
  const attempt = async ({ backend, device }: Compute): Promise<Trial> => {
    const name = `${backend}/${device}`;
    tried.push(name);
    const imagesPerSecond = speeds[name];
    if (imagesPerSecond !== undefined) return { works: true, imagesPerSecond, peakMemory: 1 };
    return { works: false, reason: `no ${name} in this box`, remedy: `Buy ${name}` };
  };
  return { tried, attempt };
}

const config = (changes: Partial<Config> = {}): Config => ({ ...presetConfig('dogs', null), ...changes });
const setUp = () => true;
const notSetUp = ({ backend, device }: Compute) => backend === 'onnxruntime' && device !== 'cuda';

test('auto: the fastest that works; the line gives the other speeds, and why the rest does not work', async () => {
  const { attempt, tried } = machine({ 'onnxruntime/cpu': 60, 'onnxruntime/webgpu': 900, 'tensorflow/cpu': 40 });
  const { compute, line } = await chooseCompute(config(), attempt, setUp);
  expect(compute).toEqual({ backend: 'onnxruntime', device: 'webgpu' });
  expect(line).toBe(
    'Computing with ONNX Runtime on WebGPU: the fastest here at 900 images/s (ONNX Runtime on the CPU: 60 images/s; ' +
      'TensorFlow on the CPU: 40 images/s; TensorFlow on CUDA: no tensorflow/cuda in this box; ' +
      'ONNX Runtime on CUDA: no onnxruntime/cuda in this box).',
  );
  expect(tried).toContain('onnxruntime/cpu');
});

test('auto: a GPU slower than the CPU, such as an emulated one, is not chosen', async () => {
  const { attempt } = machine({ 'onnxruntime/cpu': 60, 'onnxruntime/webgpu': 0.4 });
  expect((await chooseCompute(config(), attempt, notSetUp)).compute.device).toBe('cpu');
});

test('auto: the CPU is not timed if it is the only one; backends that are not installed are not tried', async () => {
  const { attempt, tried } = machine({ 'onnxruntime/cpu': 60 });
  const { compute, line } = await chooseCompute(config(), attempt, notSetUp);
  expect(compute).toEqual({ backend: 'onnxruntime', device: 'cpu' });
  expect(line).toMatch(
    /^Computing with ONNX Runtime on the CPU, \d+ threads: no other backend works here \(.*WebGPU: no onnx/,
  );
  expect(tried).toEqual(['onnxruntime/webgpu']);
});

test.each<[Partial<Config>, RegExp]>([
  [
    { device: 'webgpu' },
    /^--backend onnxruntime --device webgpu does not work .*: no onnxruntime\/webgpu.*\. Buy onnx/,
  ],
  [
    { backend: 'onnxruntime', device: 'cuda' },
    /^--backend onnxruntime --device cuda does not work.*Buy onnxruntime\/cuda/,
  ],
  // Never falls back to its CPU, although that works.
  [{ backend: 'tensorflow' }, /^--backend tensorflow --device cuda does not work.*Buy tensorflow\/cuda/],
  [
    { backend: 'tensorflow', device: 'webgpu' },
    /^--device webgpu: --backend tensorflow has no such device; legal: auto, cpu/,
  ],
  [{ device: 'cuda' }, /^--device cuda: no backend with CUDA is installed; .*pnpm setup:tensorflow.*install\.js/],
  [
    { precision: 'mixed', device: 'cpu' },
    /^--precision mixed: it is not faster than float32 on the CPU; it needs --backend onnxruntime with --device webgpu or cuda$/,
  ],
  [
    { precision: 'mixed', backend: 'onnxruntime', device: 'cpu' },
    /^--precision mixed: it is not faster than float32 on the CPU/,
  ],
  [
    { precision: 'mixed', backend: 'tensorflow' },
    /^--precision mixed: TensorFlow trains in float32 here; it needs --b/,
  ],
  // Never falls back to the CPU, although that works.
  [
    { precision: 'mixed' },
    /^--backend onnxruntime --device webgpu --precision mixed does not work .*: no onnxruntime\/webgpu.*\. Buy onnx/,
  ],
])('%o: if it cannot work, the error has reason and remedy', async (changes, message) => {
  const { attempt } = machine({ 'onnxruntime/cpu': 60, 'tensorflow/cpu': 60 });
  await expect(chooseCompute(config(changes), attempt, notSetUp)).rejects.toThrow(message);
});

test('mixed precision: the fastest of the devices that support it', async () => {
  const { attempt, tried } = machine({ 'onnxruntime/cuda': 800, 'onnxruntime/webgpu': 900, 'tensorflow/cuda': 2000 });
  const { compute } = await chooseCompute(config({ precision: 'mixed' }), attempt, setUp);
  expect(compute).toEqual({ backend: 'onnxruntime', device: 'webgpu' });
  expect(tried).toEqual(['onnxruntime/cuda', 'onnxruntime/webgpu']);
});

test('a requested backend that works is used, however slow', async () => {
  const { attempt, tried } = machine({ 'tensorflow/cpu': 1, 'onnxruntime/cpu': 60 });
  const { compute } = await chooseCompute(config({ backend: 'tensorflow', device: 'cpu' }), attempt, notSetUp);
  expect(compute).toEqual({ backend: 'tensorflow', device: 'cpu' });
  expect(tried).toEqual(['tensorflow/cpu']);
});
