import { join } from 'node:path';
import type { LogLine } from '@latent-dogs/dcgan';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { drawnPhotos, phaseIs, photosRead, setAdvanced } from './support/studio.ts';
import { linesOf, unpacked } from './support/studio-files.ts';
import { hasWebgpu } from './support/webgpu.ts';

const gallery = withGallery();
const BATCH = 2;
const STEPS = 4;
/** Small steps with much momentum: rounding, which differs between devices, stays small. */
const SETTINGS = {
  ...{ channels: '8', batch: String(BATCH), tickEvery: String(BATCH), images: String(BATCH * STEPS) },
  ...{ lrG: '0.00002', lrD: '0.00002', beta1: '0.9' },
};

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** The log of a training with `provider`. */
async function trained(provider: string, computes: string): Promise<LogLine[]> {
  const { page, problems } = await gallery.open(`?provider=${provider}#studio`);
  page.setDefaultTimeout(400_000);
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(6));
  await photosRead(page, 6);
  await setAdvanced(page, SETTINGS);
  await button(page, 'Start').click();
  await phaseIs(page, 'done');
  // Why it went elsewhere, if it did.
  expect(await page.locator('.hints .detail').allTextContents()).toEqual([]);
  expect(await page.locator('.numbers dd').allTextContents()).toContain(computes);
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download the training').click()]);
  expect(problems).toEqual([]);
  return linesOf<LogLine>(join(await unpacked(download), 'log.jsonl'));
}

const losses = (log: readonly LogLine[]) => log.map(({ lossD, lossG }) => [lossD, lossG]);

// The adapter in software compiles some hundred shaders on the CPU.
test('trains on WebGPU to the losses of WebAssembly', {
  timeout: 800_000,
  tags: ['slow'],
}, async ({ skip }) => {
  if (!(await hasWebgpu(gallery))) skip('this Chromium has no WebGPU adapter');
  const webgpu = await trained('webgpu', 'WebGPU');
  const wasm = await trained('wasm', 'WebAssembly');
  expect(webgpu).toHaveLength(STEPS);
  for (const [i, [lossD, lossG]] of losses(wasm).entries()) {
    expect(webgpu[i]!.lossD).toBeCloseTo(lossD!, 3);
    expect(webgpu[i]!.lossG).toBeCloseTo(lossG!, 3);
  }
});

test('“Measure this device” prints a row for the table of devices, and keeps nothing', async () => {
  const { page, problems } = await gallery.open('?provider=wasm#studio');
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(1));
  await photosRead(page, 1);
  await setAdvanced(page, { channels: '8', batch: '4' });
  await button(page, 'Measure this device').click();
  const line = page.getByRole('textbox', { name: 'Measure this device' });
  await line.waitFor();
  expect(await line.inputValue()).toMatch(
    /^\| \d{4}-\d\d-\d\d \| .+, \d+ threads, Chrome \d+ \| .+: 64x64, 8 channels, latent 100, batch 4 \| WebAssembly(, \d+ threads)?: \d+(\.\d)? images\/s, first step after \d+\.\d s \|$/,
  );
  await page.reload();
  await photosRead(page, 1);
  expect(await page.locator('.run-panel').count()).toBe(0);
  expect(problems).toEqual([]);
});
