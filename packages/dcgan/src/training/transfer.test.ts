import { NormalStream, UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import { stateDefinitions, type Tensor } from '../step/state.ts';
import { transferable, transferredState } from './transfer.ts';

const small = (changes: Partial<Config> = {}): Config => ({
  ...presetConfig('dogs', 'photos'),
  ...{ channels: 8, latent: 4 },
  ...changes,
});

/** A checkpoint in which no tensor equals another. */
function checkpoint(config: Config): Record<string, Tensor> {
  const stream = new NormalStream(1);
  return Object.fromEntries(
    Object.entries(stateDefinitions(config)).map(([name, { shape }]) => [
      name,
      { shape: [...shape], data: stream.fill(new Float32Array(shape.reduce((size, n) => size * n, 1))) },
    ]),
  );
}

const averaged = small({ spectral: true, normD: 'none' });
const plain = small({ spectral: true, normD: 'none', emaImages: 0 });

test.each<[string, Config, Config]>([
  ['with an average to one with', averaged, averaged],
  ['with an average to one without', averaged, plain],
  ['without an average to one with', plain, averaged],
  ['without an average to one without', plain, plain],
])('from a run %s: G, D and their statistics are the same, the optimisers are new', (_, from, to) => {
  const source = checkpoint(from);
  const start = transferredState(to, transferable(source));
  expect(Object.keys(start).sort()).toEqual(Object.keys(stateDefinitions(to)).sort());
  for (const [name, { shape, data }] of Object.entries(start)) {
    if (name.startsWith('adam/')) expect(data.every((value) => value === 0)).toBe(true);
    else if (name.startsWith('ema/') && from.emaImages === 0)
      expect(data, name).toEqual(source[name.slice('ema/'.length)]!.data);
    else expect(data, name).toEqual(source[name]!.data);
    expect(shape, name).toEqual(stateDefinitions(to)[name]!.shape);
  }
  expect(Object.keys(start)).toContain('d/0/u');
});

test("all tensors but Adam's moments transfer", () => {
  const names = Object.keys(stateDefinitions(averaged));
  expect(Object.keys(transferable(checkpoint(averaged)))).toEqual(names.filter((name) => !/^adam\//.test(name)));
});

test('tensors that are missing or of another shape are refused by name', () => {
  const { 'd/2/filter': _, ...without } = checkpoint(averaged);
  expect(() => transferredState(averaged, without)).toThrow(UserError);
  expect(() => transferredState(averaged, without)).toThrow("--from: the trained weights lack the tensor 'd/2/filter'");
  expect(() => transferredState(small({ channels: 16 }), checkpoint(small()))).toThrow(
    "--from: the trained tensor 'g/0/filter' is [4,4,64,4] and should be [4,4,128,4]",
  );
});
