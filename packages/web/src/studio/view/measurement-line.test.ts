import { presetConfig } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { browserName, measurementLine } from './measurement-line.ts';

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
    'Chrome 153',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0',
    'Edge 150',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox 153'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
    'Safari 26',
  ],
  ['curl/8', 'unknown browser'],
])('the browser in %s', (userAgent, name) => expect(browserName(userAgent)).toBe(name));

test('the line is one row of four cells, whatever a driver says', () => {
  const config = { ...presetConfig('dogs', 'photos'), size: 64 as const, channels: 32, batch: 16, latent: 100 };
  const line = measurementLine(
    {
      kind: 'measured',
      config,
      speeds: [
        { provider: 'webgpu', threads: 1, firstStep: 2_340, imagesPerSecond: 812.4 },
        { provider: 'wasm', threads: 7, firstStep: 950, imagesPerSecond: 9.84 },
      ],
      adapter: 'nvidia ampere',
      note: 'a | b\nc',
    },
    new Date('2026-11-27T05:00:00Z'),
    'Firefox/153.0',
    8,
  );
  expect(line).toBe(
    "| 2026-11-27 | nvidia ampere, 8 threads, Firefox 153 | the Studio's “Measure”: 64x64, 32 channels, latent 100, batch 16 | " +
      'WebGPU: 812 images/s, first step after 2.3 s; WebAssembly, 7 threads: 9.8 images/s, first step after 0.9 s; WebGPU failed: a / b c |',
  );
});
