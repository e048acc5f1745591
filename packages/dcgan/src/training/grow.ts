/**
 * @module Networks twice as large that start from trained ones (progressive growing: Karras et al. 2018, arXiv:1710.10196). All layers
 * but those next to the picture stay. New layers next to the picture begin as near to the old ones as they can (Net2Net: Chen et
 * al. 2016, arXiv:1511.05641): G makes its former pictures with every pixel doubled, D looks at the picture at half its size.
 */
import type { NormalStream } from '@latent-dogs/latent';
import { BATCH_NORM_EPSILON } from '../networks/batch-norm.ts';
import { SLOPE } from '../networks/discriminator.ts';
import { channelsAt, doublings, type NetworkConfig } from '../networks/network.ts';
import { grownConfig } from '../settings/grown-config.ts';
import { initialState, type StateConfig, stateDefinitions, type Tensor } from '../step/state.ts';
import { transferable } from './transfer.ts';

type NamedTensors = Record<string, Tensor>;

const COLOURS = 3;
/**
 * Standard deviation of a colour before G's tanh, over the pixels of many photos. Batch norm gives the new layer's activations this
 * deviation in the first step.
 */
const COLOUR_DEVIATION = 0.6;
/**
 * Added to the colours, so that ReLU leaves them as they are, and subtracted after it. Darker colours than tanh(-2.4), 2 of 255, become
 * that. Pairs of channels y and -y would be exact, but a few steps later both were 0 for a range of colours, which became grey.
 */
const COLOUR_OFFSET = 4 * COLOUR_DEVIATION;

/**
 * The transferable tensors of networks of `grownConfig(config)`.
 *
 * @param tensors of networks of `config`, see `transferable`.
 * @param stream gives the initial values of new channels.
 */
export function grownNetworks(
  config: StateConfig,
  tensors: Readonly<NamedTensors>,
  stream: NormalStream,
): NamedTensors {
  const definitions = stateDefinitions(grownConfig(config));
  const initial = initialState(definitions, stream);
  const fresh = Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => [name, { shape: [...shape], data: initial[name]! }]),
  ) as NamedTensors;
  const grown = transferable(fresh);
  for (const prefix of config.emaImages > 0 ? ['', 'ema/'] : ['']) growGenerator(config, tensors, fresh, grown, prefix);
  growDiscriminator(config, tensors, fresh, grown);
  return grown;
}

/**
 * The old last layer gave three colours. The new one of its place gives them, raised so that they are positive, and further channels;
 * the new last layer takes the colours of the nearest pixel, and at first nothing of the further channels.
 */
function growGenerator(
  config: NetworkConfig,
  tensors: Readonly<NamedTensors>,
  fresh: Readonly<NamedTensors>,
  grown: NamedTensors,
  prefix: string,
): void {
  const last = doublings(config);
  const [input, output] = [channelsAt(config, last - 1), channelsAt(grownConfig(config), last)];
  for (const [name, tensor] of Object.entries(tensors))
    if (name.startsWith(`${prefix}g/`) && !name.startsWith(`${prefix}g/${last}/`)) grown[name] = tensor;

  const nearest = config.upsample === 'nearest';
  const taps = nearest ? 9 : 16;
  // Filters are [taps, in, out] for nearest-neighbour doubling and [taps, out, in] for transposed convolutions.
  const at = (tap: number, inputs: number, i: number, outputs: number, o: number) =>
    nearest ? (tap * inputs + i) * outputs + o : (tap * outputs + o) * inputs + i;
  const copyOf = (name: string) => ({ shape: fresh[name]!.shape, data: fresh[name]!.data.slice() });
  const old = (name: string) => tensors[`${prefix}g/${last}/${name}`]!.data;
  const layer = (name: string) => {
    const tensor = copyOf(`g/${last}/${name}`);
    grown[`${prefix}g/${last}/${name}`] = tensor;
    return tensor.data;
  };
  const [filter, gamma, beta, mean, variance] = ['filter', 'gamma', 'beta', 'mean', 'variance'].map(layer);
  for (let c = 0; c < COLOURS; c++) {
    for (let tap = 0; tap < taps; tap++)
      for (let i = 0; i < input; i++)
        filter![at(tap, input, i, output, c)] = old('filter')[at(tap, input, i, COLOURS, c)]!;
    // By these statistics batch norm adds the old bias and the offset, and nothing else.
    gamma![c] = COLOUR_DEVIATION;
    variance![c] = COLOUR_DEVIATION ** 2 - BATCH_NORM_EPSILON;
    mean![c] = -old('bias')[c]!;
    beta![c] = COLOUR_OFFSET;
  }

  const toColours = copyOf(`g/${last + 1}/filter`);
  toColours.data.fill(0);
  // The pixel itself: the middle one of 3x3 taps, or the middle four of 4x4.
  for (const tap of nearest ? [4] : [5, 6, 9, 10])
    for (let c = 0; c < COLOURS; c++) toColours.data[at(tap, output, c, COLOURS, c)] = 1;
  grown[`${prefix}g/${last + 1}/filter`] = toColours;
  const bias = copyOf(`g/${last + 1}/bias`);
  bias.data.fill(-COLOUR_OFFSET);
  grown[`${prefix}g/${last + 1}/bias`] = bias;
}

/**
 * The new first layer gives the colours of the picture at half its size, once with each sign, and further channels; of two such
 * channels the leaky ReLUs add up to a multiple of the colour. The second layer is the old first one, and its batch norm is new.
 */
function growDiscriminator(
  config: NetworkConfig,
  tensors: Readonly<NamedTensors>,
  fresh: Readonly<NamedTensors>,
  grown: NamedTensors,
): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const [, layer, rest] = /^d\/(\d+)\/(.*)$/.exec(name) ?? [];
    if (Number(layer) > 0) grown[`d/${Number(layer) + 1}/${rest}`] = tensor;
    else if (name.startsWith('d/attention/')) grown[name] = tensor;
  }
  const { shape, data } = fresh['d/0/filter']!;
  const channels = shape[3]!;
  const halving = data.slice();
  const old = tensors['d/0/filter']!;
  const outputs = old.shape[3]!;
  const second = new Float32Array(16 * channels * outputs);
  for (const [c, sign] of signedColours()) {
    const channel = sign > 0 ? c : COLOURS + c;
    for (let tap = 0; tap < 16; tap++) {
      // The mean of the middle four of 4x4 taps, which are the two by two pixels of one pixel at half the size.
      const isMiddle = [5, 6, 9, 10].includes(tap);
      for (let i = 0; i < COLOURS; i++)
        halving[(tap * COLOURS + i) * channels + channel] = isMiddle && i === c ? sign / 4 : 0;
      for (let o = 0; o < outputs; o++)
        second[(tap * channels + channel) * outputs + o] =
          (sign * old.data[(tap * COLOURS + c) * outputs + o]!) / (1 + SLOPE);
    }
  }
  grown['d/0/filter'] = { shape, data: halving };
  grown['d/1/filter'] = { shape: fresh['d/1/filter']!.shape, data: second };
  if (config.normD === 'none') grown['d/1/bias'] = tensors['d/0/bias']!;
}

const signedColours = (): [number, 1 | -1][] =>
  [0, 1, 2].flatMap((c): [number, 1 | -1][] => [
    [c, 1],
    [c, -1],
  ]);
