/** @module The generator of a checkpoint, as training samples it. */
import { compile, type Device, ProgramState } from '@latent-dogs/tfjs-onnx';
import { averagedGenerator, type StateConfig, stateDefinitions, stateSpecs, type Tensor } from '../step/state.ts';
import { samplingStep } from '../step/step.ts';

interface TrainedGenerator {
  /** Pictures [batch, size, size, 3] in [-1, 1], or in `order`, for z [batch, latent]. */
  run(z: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Compiles G for sampling: the moving average if the run keeps one, batch norms with running statistics.
 *
 * @param tensors all tensors of a checkpoint
 * @param device what it runs on
 * @param options.batch pictures per `run`
 * @param options.order memory order of the axes of [N, H, W, 3]; by default the same
 */
export async function trainedGenerator(
  config: StateConfig,
  tensors: Readonly<Record<string, Tensor>>,
  device: Device,
  { batch, order }: { batch: number; order?: readonly number[] },
): Promise<TrainedGenerator> {
  // The products of the definition, whose rounding is smaller than that of the fast ones that training uses.
  const convolution = 'conv';
  const values = Object.entries(averagedGenerator(config, tensors)).map(([name, { data }]) => [name, data]);
  const definitions = averagedGenerator(config, stateDefinitions(config));
  const state = new ProgramState(stateSpecs(definitions, convolution), Object.fromEntries(values), device);
  const program = await compile(samplingStep({ ...config, emaImages: 0 }), {
    state,
    convolution,
    inputs: { z: { shape: [batch, config.latent] } },
    outputOrders: order ? { pictures: order } : {},
  });
  return {
    run: async (z) => (await program.run({ z }))['pictures']!.data as Float32Array,
    async dispose() {
      await program.dispose();
      await state.dispose();
    },
  };
}
