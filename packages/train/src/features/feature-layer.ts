/** @module Which layer of a network its features are taken from. */
import { UserError } from '@latent-dogs/latent';
import type { LayerConfig } from './layers-package.ts';

/** The names of the layers whose results a layer takes. */
const sources = ({ inbound_nodes }: LayerConfig): string[] => inbound_nodes.flat().map(([name]) => name);

/**
 * The last layer of the frozen beginning through which everything after it goes. Up to there the network is one that was
 * trained on ImageNet, to tell 1,000 kinds of things apart, 118 of them dogs. The layers after it were trained on, for
 * another task with five classes, and may have forgotten what does not matter there.
 *
 * @throws UserError if no layer is frozen.
 */
export function lastFrozenLayer(layers: readonly LayerConfig[]): string {
  const trained = layers.findIndex(
    ({ class_name, config }) => class_name !== 'InputLayer' && config.trainable !== false,
  );
  const frozen = new Set(layers.slice(1, trained < 0 ? layers.length : trained));
  const last = bottlenecks(layers).findLast((layer) => frozen.has(layer));
  if (last) return last.name;
  throw new UserError('--layer: no layer of this network is frozen; name the layer to take features from');
}

/** The layers through which everything after them goes. */
function bottlenecks(layers: readonly LayerConfig[]): LayerConfig[] {
  const positions = new Map(layers.map(({ name }, i) => [name, i]));
  // The first layer that is read by those after layer i.
  let first = layers.length;
  const found: LayerConfig[] = [];
  for (const [i, layer] of [...layers.entries()].reverse()) {
    if (first >= i) found.unshift(layer);
    first = Math.min(first, ...sources(layer).map((name) => positions.get(name)!));
  }
  return found;
}

/** The layers that layer `name` depends on, and itself. @throws UserError if there is none of that name. */
export function layersUpTo(layers: readonly LayerConfig[], name: string): LayerConfig[] {
  if (!layers.some((layer) => layer.name === name)) {
    const suitable = bottlenecks(layers).map((layer) => layer.name);
    throw new UserError(`--layer: the network has no layer '${name}'; suitable are ${suitable.join(', ')}`);
  }
  const needed = new Set([name]);
  // A layer is listed after those whose results it takes.
  for (const layer of layers.toReversed())
    if (needed.has(layer.name)) for (const from of sources(layer)) needed.add(from);
  return layers.filter((layer) => needed.has(layer.name));
}
