import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { averagedGenerator, stateDefinitions } from './state.ts';

const config = { ...presetConfig('dogs', null), channels: 8, latent: 16 };

test.each([
  [10_000, 'ema/g/'],
  [0, 'g/'],
])('with a moving average over %i images the sampled G is the tensors %s…', (emaImages, prefix) => {
  const whole = { ...config, emaImages };
  const names = Object.keys(stateDefinitions(whole));
  const ofG = averagedGenerator(whole, Object.fromEntries(names.map((name) => [name, name])));
  const expected = names.filter((name) => name.startsWith(prefix)).map((name) => name.replace(/^ema\//, ''));
  expect(Object.keys(ofG).sort()).toEqual(expected.sort());
  for (const [name, source] of Object.entries(ofG)) expect(source).toBe(`${prefix}${name.slice(2)}`);
});
