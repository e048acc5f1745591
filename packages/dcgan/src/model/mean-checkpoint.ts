/** @module One generator of several: stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407). */
import { NormalStream } from '@latent-dogs/latent';
import { compile, type Device, type NamedValues, ProgramState } from '@latent-dogs/tfjs-onnx';
import { normaliseAndMeasure } from '../networks/batch-norm.ts';
import { generator, generatorStatistics } from '../networks/generator.ts';
import { averagedGenerator, type StateConfig, stateDefinitions, stateSpecs, type Tensor } from '../step/state.ts';
import type { Checkpoint } from '../training/run-store.ts';
import { tensorValues } from './tensor-values.ts';

/** The statistics of batch norms are measured on 8 batches of 64 pictures, of z from this seed. */
const BATCH = 64;
const BATCHES = 8;
const SEED = 1;

/**
 * The newest of `checkpoints`, with the mean of their moving averages of G in place of its own. Its batch norms get the
 * statistics that the mean has: those of the checkpoints belong to other weights.
 *
 * @param config of the run, which keeps a moving average
 * @param checkpoints two or more of that run
 * @param device computes the statistics
 * @throws UserError naming a tensor that a checkpoint lacks, or that has another shape than `config` says
 */
export async function meanCheckpoint(
  config: StateConfig,
  checkpoints: readonly Checkpoint[],
  device: Device,
): Promise<Checkpoint> {
  const newest = checkpoints.reduce((a, b) => (b.imagesSeen > a.imagesSeen ? b : a));
  const G = meanOf(
    config,
    checkpoints.map(({ tensors }) => tensors),
  );
  const statistics = await measuredStatistics(config, G, device);
  const tensors = { ...newest.tensors };
  for (const [name, tensor] of Object.entries({ ...G, ...statistics })) tensors[`ema/${name}`] = tensor;
  return { ...newest, tensors };
}

/** The mean of the moving averages of G, computed in float64, under G's own names. */
function meanOf(config: StateConfig, all: readonly Checkpoint['tensors'][]): Record<string, Tensor> {
  const definitions = averagedGenerator(config, stateDefinitions(config));
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => {
      const sums = new Float64Array(shape.reduce((size, dimension) => size * dimension, 1));
      for (const tensors of all)
        for (const [i, value] of tensorValues(tensors, `ema/${name}`, shape).entries()) sums[i]! += value;
      return [name, { shape: [...shape], data: Float32Array.from(sums, (sum) => sum / all.length) }];
    }),
  );
}

/** The batch norms' statistics over pictures of G, the mean of all batches. */
async function measuredStatistics(
  config: StateConfig,
  G: Readonly<Record<string, Tensor>>,
  device: Device,
): Promise<Record<string, Tensor>> {
  const definitions = averagedGenerator(config, stateDefinitions(config));
  const values: NamedValues = Object.fromEntries(Object.entries(G).map(([name, { data }]) => [name, data]));
  const state = new ProgramState(stateSpecs(definitions, 'gemm'), values, device);
  const program = await compile(
    (tensors, { z }) => {
      const measured = {};
      generator(config, tensors, z!, normaliseAndMeasure(tensors, measured));
      return { outputs: measured };
    },
    { state, convolution: 'gemm', inputs: { z: { shape: [BATCH, config.latent] } } },
  );
  const sums = Object.entries(generatorStatistics(config)).map(([name, { shape }]) => ({
    name,
    shape: [...shape],
    sum: new Float64Array(shape[0]!),
  }));
  try {
    const stream = new NormalStream(SEED);
    for (let batch = 0; batch < BATCHES; batch++) {
      const outputs = await program.run({ z: stream.fill(new Float32Array(BATCH * config.latent)) });
      for (const { name, sum } of sums)
        for (const [i, value] of outputs[name]!.data.entries()) sum[i]! += Number(value);
    }
  } finally {
    await program.dispose();
    await state.dispose();
  }
  return Object.fromEntries(
    sums.map(({ name, shape, sum }) => [name, { shape, data: Float32Array.from(sum, (total) => total / BATCHES) }]),
  );
}
