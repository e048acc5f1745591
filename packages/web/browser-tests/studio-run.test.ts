import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createOnnxNetworks,
  type LogLine,
  parseRunRecord,
  photoDiversity,
  type RunStore,
  train,
} from '@latent-dogs/dcgan';
import type { PictureSource } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { drawnPhotos, phaseIs, photosRead, setAdvanced } from './support/studio.ts';
import { linesOf, unpacked } from './support/studio-files.ts';

const gallery = withGallery();
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/**
 * Adam's first steps magnify rounding, which differs between the two builds: gradients near 0 change their sign, and with it a
 * whole step. Small steps with much momentum keep that small.
 */
const CALM = { lrG: '0.00002', lrD: '0.00002', beta1: '0.9' };

/** Trains 20 steps of 8 from random weights. @returns the folder of the downloaded run */
async function trainedInBrowser(): Promise<string> {
  const { page } = await gallery.open('?provider=wasm#studio');
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(12));
  await photosRead(page, 12);
  await setAdvanced(page, { channels: '8', batch: '8', images: '160', tickEvery: '8', ...CALM });
  await button(page, 'Start').click();
  await phaseIs(page, 'done');
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download the training').click()]);
  return unpacked(download);
}

/** The photos of a downloaded run. */
async function photosOf(run: string, size: number): Promise<PictureSource> {
  const names = (await readdir(join(run, 'photos'))).sort();
  const pixels = await Promise.all(
    names.map((name) =>
      sharp(join(run, 'photos', name))
        .raw()
        .toBuffer(),
    ),
  );
  return {
    count: names.length,
    size,
    read: async (indices, out) => {
      for (let i = 0; i < indices.length; i++) out.set(pixels[indices[i]!]!, i * 3 * size * size);
    },
  };
}

test('the same 20 steps have the same losses in the browser and in Node, and Node goes on with the run', {
  timeout: 300_000,
}, async () => {
  const folder = await trainedInBrowser();
  const inBrowser = await linesOf<LogLine>(join(folder, 'log.jsonl'));
  const { config, dataset } = parseRunRecord(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')), 'config');
  const photos = await photosOf(folder, config.size);
  expect(dataset.count).toBe(12);
  const onNode: LogLine[] = [];
  const store: RunStore = {
    writeCheckpoint: async () => {},
    rollbackCheckpoint: async () => null,
    truncateAfter: async () => {},
    log: (line) => onNode.push(line),
    event: () => {},
    writeSheet: async () => {},
  };
  await train({
    config,
    photos,
    realDiversity: await photoDiversity(photos, config.seed),
    createNetworks: (settings, values) => createOnnxNetworks(settings, { runtime }, values),
    store,
    evaluate: async () => ({}),
    checkpoint: null,
    shouldStop: () => false,
    onTick: () => {},
    onMessage: () => {},
  });
  expect(inBrowser).toHaveLength(20);
  expect(new Set(onNode.map(({ lossD }) => lossD)).size).toBe(20);
  const off = (a: LogLine, b: LogLine) =>
    Math.max(...(['lossD', 'lossG'] as const).map((name) => Math.abs(a[name]! / b[name]! - 1)));
  const differences = inBrowser.map((line, i) => off(line, onNode[i]!));
  expect(Math.max(...differences), String(differences)).toBeLessThan(1e-4);

  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['packages/train/src/train/cli.ts', '--resume', folder, '--images', '176'],
    { cwd: ROOT },
  );
  expect(stdout).toContain('from image 160');
  const lines = await linesOf<LogLine>(join(folder, 'log.jsonl'));
  expect(lines.map(({ imagesSeen }) => imagesSeen).slice(-2)).toEqual([168, 176]);
});
