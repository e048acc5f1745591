import { UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { lastFrozenLayer, layersUpTo } from './feature-layer.ts';
import type { LayerConfig } from './layers-package.ts';

const layer = (name: string, trainable: boolean, ...from: string[]): LayerConfig => ({
  name,
  class_name: from.length === 0 ? 'InputLayer' : 'Conv2D',
  config: from.length === 0 ? {} : { trainable },
  inbound_nodes: from.length === 0 ? [] : [from.map((source) => [source, 0, 0, {}] as const)],
});

/** in -> a -> b1, b2 -> join -> c1 (frozen), c2 -> end */
const layers = [
  layer('in', false),
  layer('a', false, 'in'),
  layer('b1', false, 'a'),
  layer('b2', false, 'a'),
  layer('join', false, 'b1', 'b2'),
  layer('c1', false, 'join'),
  layer('c2', true, 'join'),
  layer('end', true, 'c1', 'c2'),
];

test('the last frozen layer is one through which all later ones go', () => {
  expect(lastFrozenLayer(layers)).toBe('join');
  const early = layers.map((one) => (one.name === 'b2' ? layer('b2', true, 'a') : one));
  expect(lastFrozenLayer(early)).toBe('a');
  expect(lastFrozenLayer(layers.slice(0, 6))).toBe('c1');
});

test('a network without frozen layers needs a name', () => {
  expect(() => lastFrozenLayer([layer('in', false), layer('a', true, 'in')])).toThrow(UserError);
});

test('the layers up to one are those it depends on', () => {
  expect(layersUpTo(layers, 'b2').map(({ name }) => name)).toEqual(['in', 'a', 'b2']);
  expect(layersUpTo(layers, 'end')).toEqual(layers);
  expect(() => layersUpTo(layers, 'd')).toThrow(
    /^--layer: the network has no layer 'd'; suitable are in, a, join, end$/,
  );
});
