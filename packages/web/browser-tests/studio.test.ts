import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latentFromSeed, parseSeed } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels } from './support/golden.ts';
import { canvasOf, drawnPhotos, dropFiles, phaseIs, photosRead, seenBy, setAdvanced } from './support/studio.ts';
import { START_MODEL, siteWithStartModel, unpacked } from './support/studio-files.ts';
import { nameField, settled } from './support/visit.ts';

const site = await siteWithStartModel();
const gallery = withGallery(site);

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const FACES = '.faces canvas.painted';

/** Waits until a canvas shows other pictures than before. */
const changed = (page: Page, selector: string, before: string) =>
  expect.poll(() => canvasOf(page, selector)).not.toBe(before);

test('photos dropped, trained from a model, paused, reloaded, gone on with: the model is in the gallery, and no photo left', {
  timeout: 300_000,
}, async () => {
  const { page, problems } = await gallery.open('#studio');
  await dropFiles(page, await drawnPhotos(60));
  await photosRead(page, 60);
  expect(await page.getByRole('radio', { name: START_MODEL }).isChecked()).toBe(true);
  await button(page, 'Start').click();
  await page.locator(FACES).waitFor();
  await changed(page, FACES, await canvasOf(page, FACES));
  await expect.poll(() => seenBy(page)).toBeGreaterThanOrEqual(160);
  await button(page, 'Pause').click();
  await phaseIs(page, 'paused');
  const paused = await seenBy(page);

  await page.reload();
  await page.getByRole('heading', { name: 'Go on where you stopped' }).waitFor();
  expect(await seenBy(page)).toBeGreaterThanOrEqual(paused);
  await button(page, 'Go on').click();
  await page.locator(FACES).waitFor();
  await expect.poll(() => seenBy(page)).toBeGreaterThanOrEqual(paused + 160);
  await button(page, 'Finish').click();
  await page.getByRole('textbox', { name: 'Name of the model' }).fill('Rex & Co');
  await button(page, 'Make the model').click();
  await page.getByText('“rex-co” is in the gallery, only on this device.').waitFor();

  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download the model').click()]);
  const folder = await unpacked(download);
  const model = await ExportedModel.open(folder);
  expect(model.manifest.training.from?.name).toBe(START_MODEL);
  await model.dispose();
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('60 photos');

  await button(page, 'See it in the gallery').click();
  await nameField(page, 'first').fill('luna');
  await nameField(page, 'first').press('Enter');
  await settled(page);
  expect(await page.getByLabel('Model').locator('option:checked').textContent()).toBe('rex-co (only on this device)');
  const golden = await goldenPixels(join(folder, '..'), 'rex-co', latentFromSeed(parseSeed('luna'), 16));
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);

  expect(problems).toEqual([]);
  expect(gallery.uploads).toEqual([]);
  for (const path of gallery.requests)
    expect(path).toMatch(/^\/($|assets\/|models\/|icon|manifest\.webmanifest|favicon)/);
});

test('a closed tab loses at most what was trained since the last checkpoint', async () => {
  const { page } = await gallery.open('#studio');
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(12));
  await photosRead(page, 12);
  await setAdvanced(page, { checkpointEvery: '80' });
  await button(page, 'Start').click();
  await phaseIs(page, 'training');
  await expect.poll(() => seenBy(page)).toBeGreaterThanOrEqual(240);
  const seen = await seenBy(page);
  await page.close();

  const other = await page.context().newPage();
  await other.goto(`${gallery.address}#studio`);
  await other.getByRole('heading', { name: 'Go on where you stopped' }).waitFor();
  // The step at the checkpoint was taken, and it is being written while the next one is computed.
  expect(await seenBy(other)).toBeGreaterThanOrEqual(seen - 80 - 8);
  await button(other, 'Go on').click();
  await expect.poll(() => seenBy(other)).toBeGreaterThan(seen);
});

test('without room for a checkpoint, training stops in words, keeps the last one, and goes on when there is room', async () => {
  const { page } = await gallery.open('#studio');
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(12));
  await photosRead(page, 12);
  await setAdvanced(page, { checkpointEvery: '80' });
  await button(page, 'Start').click();
  await phaseIs(page, 'training');
  const devtools = await page.context().newCDPSession(page);
  const origin = gallery.address.slice(0, -1);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await page
    .getByRole('alert')
    .getByText(/^There is no room left on this device/)
    .waitFor();
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await button(page, 'Go on').click();
  await phaseIs(page, 'training');
  await expect.poll(() => seenBy(page)).toBeGreaterThanOrEqual(160);
});

test('a model zip that is dropped is used, and a training can start from it', async () => {
  const { page } = await gallery.open('#studio');
  const files: Record<string, Uint8Array> = {};
  for (const file of ['model.json', 'generator.onnx', 'training.safetensors'])
    files[`${START_MODEL}/${file}`] = await readFile(join(site, 'models', START_MODEL, file));
  const zip = { name: 'model.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync(files)) };
  await dropFiles(page, [zip]);
  // The site has a model of this name.
  await page.getByText(`“${START_MODEL}-2” is in the gallery, only on this device.`).waitFor();
  await page.getByRole('radio', { name: `${START_MODEL}-2` }).check();
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(8));
  await photosRead(page, 8);
  await button(page, 'Start').click();
  await phaseIs(page, 'training');

  page.on('dialog', (dialog) => dialog.accept());
  await button(page, 'Delete everything from this page').click();
  await page.locator('.drop-zone').waitFor();
  await expect.poll(() => page.locator('.photo, .own-models li').count()).toBe(0);
  await page.reload();
  await page.locator('.drop-zone').waitFor();
  await page.getByRole('radio', { name: START_MODEL }).first().waitFor();
  expect(await page.getByRole('radio', { name: `${START_MODEL}-2` }).count()).toBe(0);
  expect(await page.locator('.photo').count()).toBe(0);
});

test('a model zip with a damaged file is refused in words', async () => {
  const { page } = await gallery.open('#studio');
  const files: Record<string, Uint8Array> = {};
  for (const file of ['model.json', 'generator.onnx'])
    files[file] = await readFile(join(site, 'models', START_MODEL, file));
  files['generator.onnx']![1000]! ^= 1;
  await dropFiles(page, [{ name: 'm.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync(files)) }]);
  await page.getByText('That model cannot be used: generator.onnx is missing or not the file').waitFor();
  expect(await page.locator('.own-models').count()).toBe(0);
});
