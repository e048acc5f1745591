import * as runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { type CompileOptions, compile, encodeOnnx, type Program, ProgramState, type Step } from '../index.ts';
import { checkModels, hasOnnxChecker } from '../testing/onnx-checker.ts';
import { physicalInputs } from '../testing/physical-inputs.ts';
import { compileRounding } from '../testing/rounding-program.ts';
import { smallGan } from '../testing/training-step.ts';

const gan = smallGan({ N: 8, channels: 6 });

async function train(
  steps: number,
  options: Pick<CompileOptions, 'precision' | 'convolution'>,
  build: (step: Step, options: CompileOptions) => Promise<Program> = compile,
) {
  const state = new ProgramState(gan.specs, gan.initialValues(), { runtime });
  const program = await build(gan.step, { state, inputs: gan.inputs, convolution: 'conv', ...options });
  const losses: { lossD: number; lossG: number }[] = [];
  for (let i = 0; i < steps; i++) {
    // At a tenth of the rate the two players amplify differences less.
    const values = { ...gan.batch(i), rate: Float32Array.of(0.001) };
    const { lossD, lossG } = await program.run(physicalInputs(gan.inputs, values));
    losses.push({ lossD: lossD!.data[0]!, lossG: lossG!.data[0]! });
  }
  const result = { losses, values: await state.read(), graph: program.graph };
  await program.dispose();
  await state.dispose();
  return result;
}

test('50 steps in mixed precision stay near those in float32, with float32 state', async () => {
  const fp32 = await train(50, {});
  const mixed = await train(50, { precision: 'mixed' }, compileRounding);
  let furthest = 0;
  for (const [i, { lossD, lossG }] of fp32.losses.entries())
    furthest = Math.max(furthest, Math.abs(mixed.losses[i]!.lossD - lossD), Math.abs(mixed.losses[i]!.lossG - lossG));
  expect(furthest).toBeLessThan(3e-3);
  // Something was rounded.
  expect(furthest).toBeGreaterThan(1e-5);
  for (const [name, values] of Object.entries(mixed.values)) expect(values.every(Number.isFinite), name).toBe(true);
  for (const [name, { type }] of mixed.graph.outputs) expect(type, name).toBe('float32');
});

test('a whole step: only products and moved axes are float16, and nothing is cast twice', async () => {
  const { graph } = await train(0, { precision: 'mixed' });
  const halves = graph.nodes.filter(({ outputs }) => outputs.some(({ type }) => type === 'float16'));
  expect(new Set(halves.map(({ operator }) => operator))).toEqual(
    new Set(['Cast', 'Conv', 'ConvTranspose', 'Gemm', 'Reshape', 'Transpose']),
  );
  const casts = graph.nodes.filter(({ operator, outputs }) => operator === 'Cast' && outputs[0]!.type !== 'bool');
  for (const type of ['float16', 'float32']) {
    const sources = casts.filter(({ outputs }) => outputs[0]!.type === type).map(({ inputs }) => inputs[0]);
    expect(sources.length).toBeGreaterThan(0);
    expect(new Set(sources).size).toBe(sources.length);
  }
  // Without the casts it is the step in float32.
  const plain = await train(0, {});
  const operators = (of: typeof graph) =>
    of.nodes.map(({ operator }) => operator).filter((name) => /Conv|Gemm/.test(name));
  expect(operators(graph).sort()).toEqual(operators(plain.graph).sort());
});

test.skipIf(!hasOnnxChecker)("ONNX's checker accepts the step (needs Debian's python3-onnx)", async () => {
  const models = new Map<string, Uint8Array>();
  for (const convolution of ['conv', 'gemm'] as const)
    models.set(convolution, encodeOnnx((await train(0, { precision: 'mixed', convolution })).graph));
  expect(checkModels(models).join('\n')).toBe('');
});
