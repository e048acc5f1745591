import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, inject, test } from 'vitest';
import { resample } from '../src/ui/resample.ts';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, enlargedDifference, goldenPixels, zOf } from './support/golden.ts';
import { save } from './support/save.ts';
import { nameField, settled, tile, visit } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();

const openFavourites = (page: Page) => page.getByRole('radio', { name: /^Favourites/ }).check({ force: true });
const favouritesOf = (page: Page) => page.locator('.favourites .tile');

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
  await other.page.getByRole('button', { name: 'Show luna · 3' }).click();
  await expect.poll(() => other.page.url()).toContain('dogs=luna,3&at=0.5');
  await other.page.getByRole('button', { name: '2: Remove from favourites' }).click();
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
  await nameField(page, 'first').fill('Ада & Bo');
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

test('before anything is picked, a copied link shows the dogs that are there', async () => {
  const { page } = await gallery.open('', {
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'no-preference',
  });
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied. It opens playing, with these dogs.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/#dogs=\w+,\w+,\w+&model=newer-64~[0-9a-f]{8}$/);
  const friend = await visit(gallery.browser, copied, { reducedMotion: 'no-preference' });
  await friend.page.getByRole('heading', { name: / → .* → / }).waitFor();
  await friend.page.getByRole('button', { name: 'Pause' }).waitFor();
});

test('the save menu closes on Escape and on a press elsewhere', async () => {
  const { page } = await gallery.open('#dogs=5');
  await settled(page);
  const menu = page.locator('summary', { hasText: 'Save' });
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
  expect(enlargedDifference(saved, golden)).toBeLessThanOrEqual(2);

  const gif = await save(page, 'Animation (GIF)');
  // The first picture is the first dog, with the names of both at the bottom.
  const first = await sharp(gif.bytes).ensureAlpha().raw().toBuffer();
  const large = new Uint8ClampedArray(4 * 256 * 256);
  resample(new Uint8ClampedArray(golden), 256, large);
  const difference = (rows: readonly [number, number]) => {
    const [from, to] = rows.map((y) => 4 * 256 * y) as [number, number];
    return (
      large.subarray(from, to).reduce((sum, level, i) => sum + Math.abs(level - first[from + i]!), 0) / (to - from)
    );
  };
  expect(difference([0, 200])).toBeLessThan(4);
  expect(difference([236, 250])).toBeGreaterThan(10);
  // There and back, 2.4 s each way, 20 pictures a second.
  expect(await sharp(gif.bytes, { animated: true }).metadata()).toMatchObject({
    format: 'gif',
    width: 256,
    pages: 96,
    loop: 0,
    delay: Array(96).fill(50),
  });
});

/** A device with a share sheet, which remembers what it was given. */
function giveShareSheet(): void {
  const shared: { url: string | undefined; text: string | undefined; files: string[]; bytes: number }[] = [];
  Object.assign(window, { shared });
  Object.assign(navigator, {
    canShare: () => true,
    share: async ({ url, text, files = [] }: ShareData) => {
      if (!navigator.userActivation.isActive) throw new DOMException('No press', 'NotAllowedError');
      shared.push({ url, text, files: files.map(({ name }) => name), bytes: files[0]?.size ?? 0 });
    },
  });
}

interface Shared {
  url: string | undefined;
  text: string | undefined;
  files: string[];
  bytes: number;
}

test('one press shares the link; an animation is shared by a press once it is made, with its size and the link', async () => {
  const { page } = await gallery.open('icon.svg', { reducedMotion: 'no-preference' });
  await page.addInitScript(giveShareSheet);
  await page.goto(`${gallery.address}#dogs=Anna,🐶`);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  const shared = () => page.evaluate('window.shared') as Promise<Shared[]>;
  const link = expect.stringMatching(/#dogs=Anna,%F0%9F%90%B6&model=newer-64~[0-9a-f]{8}$/);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect.poll(shared).toEqual([{ url: link, files: [], bytes: 0 }]);

  await page.locator('summary', { hasText: 'Save' }).click();
  await page.getByRole('button', { name: 'Animation (GIF)' }).click();
  await page.getByText(/^\d+ %, \d+\.\d MB$/).waitFor();
  const ready = page.getByRole('button', { name: /^Send/ });
  await ready.waitFor({ timeout: 100_000 });
  const said = Number(/([\d.]+) MB/.exec((await ready.textContent())!)![1]);
  await ready.click();
  await expect.poll(async () => (await shared()).length).toBe(2);
  const sent = (await shared())[1]!;
  expect(sent).toMatchObject({ text: link, files: ['dog-Anna-1f436.gif'] });
  expect(Math.abs(sent.bytes / 1e6 - said)).toBeLessThan(0.06);
});

test('files are right in a browser that answers with noise when a page reads a canvas', async () => {
  const { page } = await gallery.open('icon.svg');
  await page.addInitScript(() => {
    for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
      prototype.getImageData = (_x: number, _y: number, width: number, height: number) =>
        new ImageData(crypto.getRandomValues(new Uint8ClampedArray(4 * width * height)), width, height);
    }
    HTMLCanvasElement.prototype.toBlob = () => {};
    OffscreenCanvas.prototype.convertToBlob = () => Promise.reject(new Error('noise'));
  });
  await page.goto(`${gallery.address}#dogs=5,9&at=0`);
  await settled(page);
  const golden = await goldenPixels(models, 'newer-64', zOf('5', 100));
  const png = await save(page, 'Picture (PNG)');
  const saved = new Uint8Array(await sharp(png.bytes).ensureAlpha().raw().toBuffer());
  expect(enlargedDifference(saved, golden)).toBeLessThanOrEqual(2);
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
  // Five dogs last two and a half times as long, and chats take 8 MB.
  expect(2.5 * bytes.length).toBeLessThan(8_000_000);
  await page.getByText(/^Saved dog-5-9\.(webm|mp4) \(\d+\.\d MB\)\.$/).waitFor();
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
