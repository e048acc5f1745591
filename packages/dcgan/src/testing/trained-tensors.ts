/** Tensors as training leaves them, without the training: weights at random, but of sizes that make pictures. */
import { NormalStream } from '@latent-dogs/latent';
import { channelsAt, doublings } from '../networks/network.ts';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import { stateDefinitions } from '../step/state.ts';
import type { Checkpoint } from '../training/run-store.ts';

type Tensors = Checkpoint['tensors'];

/** The least that G can be. */
export const smallConfig = (changes: Partial<Config> = {}): Config => ({
  ...presetConfig('dogs', null),
  channels: 8,
  latent: 16,
  ...changes,
});

/** The variance that a layer's activations have, roughly, so that nothing dies out or blows up on its way to the tanh. */
function expectedVariance(config: Config, level: number): number {
  if (level === 0) return config.latent * 0.02 ** 2;
  const taps = config.upsample === 'transposed' ? 4 : 9;
  return channelsAt(config, level - 1) * taps * 0.02 ** 2 * 0.5;
}

/** Every tensor of a run, none of them at 0 or 1, the moving average of G unlike G. */
export function trainedTensors(config: Config, seed = 1): Tensors {
  const stream = new NormalStream(seed);
  const last = doublings(config);
  const entries = Object.entries(stateDefinitions(config)).map(([name, { shape }]) => {
    const data = stream.fill(new Float32Array(shape.reduce((size, dimension) => size * dimension, 1)));
    const [, level = '0', part] = /g\/(\d+)\/(\w+)$/.exec(name) ?? [];
    const contrast = Number(level) === last ? 8 : 1;
    const values: Record<string, (n: number) => number> = {
      filter: (n) => 0.02 * contrast * n,
      gamma: (n) => 1 + 0.2 * n,
      variance: (n) => expectedVariance(config, Number(level)) * Math.exp(0.3 * n),
    };
    const value = values[part ?? ''] ?? ((n: number) => 0.2 * n);
    return [name, { shape: [...shape], data: data.map(value) }];
  });
  return Object.fromEntries(entries);
}
