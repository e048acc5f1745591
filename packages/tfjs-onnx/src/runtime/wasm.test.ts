import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { type ConvolutionLowering, compile, type Device, ProgramState } from '../index.ts';
import { physicalInputs } from '../testing/physical-inputs.ts';
import { smallGan } from '../testing/training-step.ts';

// Without threads ONNX Runtime starts no workers, which Node would not have.
web.env.wasm.numThreads = 1;

const gan = smallGan({ N: 8, channels: 8 });

async function train(device: Device, convolution: ConvolutionLowering) {
  const state = new ProgramState(gan.specs, gan.initialValues(), device);
  const program = await compile(gan.step, { state, inputs: gan.inputs, convolution });
  const losses: number[] = [];
  for (let i = 0; i < 5; i++) {
    const { lossD, lossG } = await program.run(physicalInputs(gan.inputs, gan.batch(i)));
    losses.push(lossD!.data[0]!, lossG!.data[0]!);
  }
  const values = await state.read();
  await program.dispose();
  await state.dispose();
  return { losses, values };
}

test.each(['conv', 'gemm'] as const)(
  "training on onnxruntime-web's WebAssembly has the losses of onnxruntime-node to six digits, %s",
  async (convolution) => {
    const expected = await train({ runtime: node }, convolution);
    const actual = await train({ runtime: web, provider: 'wasm' }, convolution);
    expect(new Set(expected.losses).size).toBe(10);
    const sixDigits = (losses: readonly number[]) => losses.map((loss) => Number(loss.toPrecision(6)));
    for (const [i, loss] of expected.losses.entries())
      expect(Math.abs(actual.losses[i]! - loss) / Math.abs(loss), `${sixDigits(actual.losses)}`).toBeLessThan(1e-6);
    for (const [name, wanted] of Object.entries(expected.values)) {
      const error = Math.hypot(...wanted.map((value, i) => actual.values[name]![i]! - value));
      expect(error / Math.hypot(...wanted), name).toBeLessThan(1e-4);
    }
  },
);
