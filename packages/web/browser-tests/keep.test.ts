import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { settled, tile, visit } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();

const openFavourites = (page: Page) => page.getByRole('radio', { name: /^Favourites/ }).check({ force: true });
const favouritesOf = (page: Page) => page.locator('.favourites .tile');

async function save(page: Page, choice: string): Promise<{ download: Download; bytes: Buffer }> {
  // Encoding takes its time on a busy machine; the test's own limit is enough.
  const coming = page.waitForEvent('download', { timeout: 0 });
  await page.getByText('Save', { exact: true }).click();
  await page.getByRole('button', { name: choice }).click();
  const download = await coming;
  return { download, bytes: await readFile(await download.path()) };
}

/** Largest difference between RGBA pixels and a small golden picture, enlarged to their size by this browser. */
function differenceFromEnlarged(page: Page, pixels: Uint8Array, golden: Uint8Array): Promise<number> {
  return page.evaluate(
    ([large, small]) => {
      const side = Math.sqrt(large.length / 4);
      const smallSide = Math.sqrt(small.length / 4);
      const source = new OffscreenCanvas(smallSide, smallSide);
      source.getContext('2d')!.putImageData(new ImageData(Uint8ClampedArray.from(small), smallSide, smallSide), 0, 0);
      const context = new OffscreenCanvas(side, side).getContext('2d', { alpha: false })!;
      context.imageSmoothingQuality = 'high';
      context.drawImage(source, 0, 0, side, side);
      const enlarged = context.getImageData(0, 0, side, side).data;
      return large.reduce((most, level, i) => Math.max(most, Math.abs(level - enlarged[i]!)), 0);
    },
    [Array.from(pixels), Array.from(golden)] as const,
  );
}

test('favourites survive a reload, go to a file, and come back from it on another device', async () => {
  const { page } = await gallery.open('#dogs=luna,3&at=0.5');
  await settled(page);
  await page.getByRole('button', { name: 'Favourite', exact: true }).click();
  const plain = await tile(page, '2');
  await plain.focus();
  await plain.press('f');

  await page.reload();
  await settled(page);
  await openFavourites(page);
  await expect.poll(() => favouritesOf(page).count()).toBe(2);
  const golden = await goldenPixels(models, 'newer-64', zOf('2', 100));
  await page.locator('.favourites .dog.painted').nth(1).waitFor();
  expect(await differenceFrom(page.locator('.favourites canvas').first(), golden)).toBeLessThanOrEqual(1);

  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  const file = await readFile(await (await coming).path());

  const other = await gallery.open();
  await settled(other.page);
  await openFavourites(other.page);
  expect(await favouritesOf(other.page).count()).toBe(0);
  await other.page.locator('input[type=file]').setInputFiles({
    name: 'favourites.json',
    mimeType: 'application/json',
    buffer: file,
  });
  await other.page.getByText('2 favourites added.').waitFor();
  await other.page.getByRole('button', { name: 'Show Dog luna, Dog 3' }).click();
  await expect.poll(() => other.page.url()).toContain('dogs=luna,3&at=0.5');
  await other.page.getByRole('button', { name: 'Dog 2: Remove from favourites' }).click();
  await expect.poll(() => favouritesOf(other.page).count()).toBe(1);

  await other.page.locator('input[type=file]').setInputFiles({
    name: 'other.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"dogs": []}'),
  });
  await other.page.getByText(/^That file holds no favourites/).waitFor();
  expect(await favouritesOf(other.page).count()).toBe(1);
});

test('a copied link is the address of exactly this picture', async () => {
  const { page } = await gallery.open('', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('textbox').fill('Ада & Bo');
  await page.getByRole('textbox').press('Enter');
  await settled(page);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const link = `#dogs=${encodeURIComponent('Ада & Bo')}&model=newer-64~`;
  expect(copied.slice(0, -8)).toBe(gallery.address + link);
  expect(copied.slice(-8)).toMatch(/^[0-9a-f]{8}$/);

  const other = await visit(gallery.browser, copied);
  await settled(other.page);
  const golden = await goldenPixels(models, 'newer-64', zOf('Ада & Bo', 100));
  expect(await differenceFrom(other.page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
});

test('the save menu closes on Escape and on a press elsewhere', async () => {
  const { page } = await gallery.open('#dogs=5');
  await settled(page);
  const menu = page.getByText('Save', { exact: true });
  const choice = page.getByRole('button', { name: 'Picture (PNG)' });
  await menu.click();
  await choice.waitFor();
  await page.keyboard.press('Escape');
  await choice.waitFor({ state: 'hidden' });
  await menu.click();
  await choice.waitFor();
  await page.getByRole('heading', { name: 'Latent Dogs' }).click();
  await choice.waitFor({ state: 'hidden' });
  // A film needs two dogs.
  await menu.click();
  expect(await page.getByRole('button', { name: 'Film' }).isDisabled()).toBe(true);
});

test('a picture is saved as PNG, a walk as GIF', async () => {
  const { page } = await gallery.open('#dogs=5,9');
  await settled(page);
  const png = await save(page, 'Picture (PNG)');
  expect(png.download.suggestedFilename()).toBe('dog-5-9.png');
  expect(await sharp(png.bytes).metadata()).toMatchObject({ format: 'png', width: 512, height: 512 });
  const saved = new Uint8Array(await sharp(png.bytes).ensureAlpha().raw().toBuffer());
  const golden = await goldenPixels(models, 'newer-64', zOf('5', 100));
  expect(await differenceFromEnlarged(page, saved, golden)).toBeLessThanOrEqual(3);

  const gif = await save(page, 'Animation (GIF)');
  // There and back, 2.4 s each way, 20 pictures a second.
  expect(await sharp(gif.bytes, { animated: true }).metadata()).toMatchObject({
    format: 'gif',
    width: 256,
    pages: 96,
    loop: 0,
    delay: Array(96).fill(50),
  });
});

test('a walk is saved as a film that plays', async ({ skip }) => {
  const { page } = await gallery.open('#dogs=5,9');
  await settled(page);
  const encodes = await page.evaluate(async () => {
    if (typeof VideoEncoder !== 'function') return false;
    const { supported } = await VideoEncoder.isConfigSupported({ codec: 'vp8', width: 512, height: 512 });
    return supported === true;
  });
  if (!encodes) {
    skip('this Chromium encodes no film');
  }
  const { download, bytes } = await save(page, 'Film');
  expect(download.suggestedFilename()).toMatch(/^dog-5-9\.(webm|mp4)$/);
  // In another page: the gallery's policy forbids playing videos.
  const player = await page.context().newPage();
  const film = await player.evaluate(async (base64) => {
    const video = document.createElement('video');
    video.src = `data:video/webm;base64,${base64}`;
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message ?? 'unplayable'));
    });
    return { width: video.videoWidth, height: video.videoHeight, seconds: video.duration };
  }, bytes.toString('base64'));
  expect(film).toMatchObject({ width: 512, height: 512 });
  expect(film.seconds).toBeCloseTo(4.8, 1);
});

test('the page speaks the language of the visitor, and the one they choose after a reload', async () => {
  const { page } = await gallery.open('', { locale: 'ko-KR' });
  await page.getByRole('link', { name: '작동 원리' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko');
  await page.getByLabel('언어').selectOption('en');
  await page.getByRole('link', { name: 'How it works' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'How it works' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
});
