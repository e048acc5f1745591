import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { dropFiles, type PhotoFile, photosRead } from './support/studio.ts';

const gallery = withGallery();

/** 12 faces of 64x64, side by side, which a model of this repository generated. */
const FACES = fileURLToPath(new URL('../../face-finder/src/testing/generated-dogs.webp', import.meta.url));

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#8a9a78' } });

const file = (name: string, buffer: Buffer): PhotoFile => ({ name, mimeType: 'image/png', buffer });

/** A photo of 400x300 with a face whose centre is at (100, 110) and whose side is 150: left of the middle square's centre. */
async function photoWithFace(name: string): Promise<PhotoFile> {
  const face = await sharp(FACES).extract({ left: 0, top: 0, width: 64, height: 64 }).resize(150).png().toBuffer();
  return file(
    name,
    await plain(400, 300)
      .composite([{ input: face, left: 25, top: 35 }])
      .png()
      .toBuffer(),
  );
}

const photo = (page: Page, name: string) => page.getByRole('button', { name: `Adjust ${name}` });

/** The names of the photos, in the order in which they are shown. */
const shown = (page: Page) =>
  page
    .locator('.photo')
    .evaluateAll((photos) => photos.map((one) => one.getAttribute('aria-label')!.replace('Adjust ', '')));

/** Opens a photo, looks at its square, and closes it as it was. */
async function squareOf(page: Page, name: string): Promise<{ x: number; y: number; side: number }> {
  await photo(page, name).click();
  const value = async (label: string) => Number(await page.getByRole('slider', { name: label }).inputValue());
  const square = { x: await value('From the left'), y: await value('From the top'), side: await value('Size') };
  await page.keyboard.press('Escape');
  await page.locator('.square-dialog').waitFor({ state: 'detached' });
  return square;
}

async function setSize(page: Page, name: string, size: string): Promise<void> {
  await photo(page, name).click();
  await page.getByRole('slider', { name: 'Size' }).fill(size);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.locator('.square-dialog').waitFor({ state: 'detached' });
}

/** How far a square is from the face of `photoWithFace`: of the centre in x and y, and of the side, in sides of the face. */
const errorOf = ({ x, y, side }: { x: number; y: number; side: number }) =>
  Math.max(...[x + side / 2 - 100, y + side / 2 - 110, side - 150].map((error) => Math.abs(error) / 150));

const MIDDLE = { x: 50, y: 0, side: 300 };
const NO_FACE = '. No face found: check the square';

test('the first square is the face; a photo without one is marked and comes first until its square is set', async () => {
  const { page, problems } = await gallery.open('#studio');
  await page.locator('.drop-zone').waitFor();
  expect(gallery.requests.filter((path) => path.endsWith('.onnx') && path.includes('finder'))).toEqual([]);
  await dropFiles(page, [await photoWithFace('rex.png'), file('lawn.png', await plain(400, 300).png().toBuffer())]);
  await photosRead(page, 2);
  expect(errorOf(await squareOf(page, 'rex.png'))).toBeLessThan(0.2);
  expect(await squareOf(page, 'lawn.png')).toEqual(MIDDLE);
  expect(await shown(page)).toEqual([`lawn.png${NO_FACE}`, 'rex.png']);
  await page.getByText('No face found in 1 photo: check the square. It comes first.').waitFor();
  expect(await page.locator('.photo .no-face-mark').count()).toBe(1);
  const fetched = gallery.requests.filter((path) => path.endsWith('.onnx') && path.includes('finder'));
  expect(fetched.length).toBe(1);
  expect(fetched[0]).toMatch(/^\/assets\/studio\/finder-/);

  await setSize(page, 'lawn.png', '200');
  await expect.poll(() => shown(page)).toEqual(['rex.png', 'lawn.png']);
  expect(await page.locator('.no-face-mark').count()).toBe(0);
  await page.reload();
  await photosRead(page, 2);
  expect(await shown(page)).toEqual(['rex.png', 'lawn.png']);
  expect(problems).toEqual([]);
});

test('without “Find dogs’ faces” squares are the middle, and those set by hand stay; with it faces are found again', async () => {
  const { page } = await gallery.open('#studio');
  const rex = await photoWithFace('rex.png');
  // The same picture in another file.
  const hand = file('hand.png', await sharp(rex.buffer).png({ compressionLevel: 1 }).toBuffer());
  await dropFiles(page, [rex, hand, file('lawn.png', await plain(400, 300).png().toBuffer())]);
  await photosRead(page, 3);
  await setSize(page, 'hand.png', '222');
  await expect.poll(async () => (await squareOf(page, 'hand.png')).side).toBe(222);
  const set = await squareOf(page, 'hand.png');

  const faces = page.getByRole('checkbox', { name: 'Find dogs’ faces' });
  await faces.uncheck();
  await expect.poll(() => squareOf(page, 'rex.png')).toEqual(MIDDLE);
  await expect.poll(() => shown(page)).toEqual(['rex.png', 'hand.png', 'lawn.png']);
  expect(await squareOf(page, 'hand.png')).toEqual(set);

  await page.reload();
  await photosRead(page, 3);
  expect(await faces.isChecked()).toBe(false);
  await faces.check();
  await expect.poll(async () => errorOf(await squareOf(page, 'rex.png'))).toBeLessThan(0.2);
  await expect.poll(() => shown(page)).toEqual([`lawn.png${NO_FACE}`, 'rex.png', 'hand.png']);
  expect(await squareOf(page, 'hand.png')).toEqual(set);
});

test('if the finder cannot be loaded, squares are the middle, and the photos can be trained on', async () => {
  const { page } = await gallery.open();
  await page.route('**/finder-*.onnx', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${page.url().split('#')[0]}#studio`);
  await dropFiles(page, [await photoWithFace('rex.png')]);
  await photosRead(page, 1);
  expect(await squareOf(page, 'rex.png')).toEqual(MIDDLE);
  expect(await shown(page)).toEqual([`rex.png${NO_FACE}`]);
  expect(await page.getByRole('button', { name: 'Start', exact: true }).isEnabled()).toBe(true);
});
