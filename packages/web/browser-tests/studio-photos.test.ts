import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { drawnPhotos, dropFiles, type PhotoFile, photosRead } from './support/studio.ts';

const gallery = withGallery();

declare global {
  interface Window {
    /** How often the worker has said that it cannot keep photos. */
    failures: number;
  }
}

const file = (name: string, buffer: Buffer, mimeType = ''): PhotoFile => ({ name, mimeType, buffer });

const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

/** RGB of the photo's thumbnail at a point, 0 to 1 from the left and from the top. */
const colourAt = (page: Page, photo: string, x: number, y: number) =>
  page
    .getByRole('button', { name: `Adjust ${photo}` })
    .locator('canvas.painted')
    .evaluate(
      (canvas, [left, top]) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const context = (canvas as HTMLCanvasElement).getContext('2d')!;
        return [...context.getImageData(Math.floor(left * width), Math.floor(top * height), 1, 1).data].slice(0, 3);
      },
      [x, y] as const,
    );

test('files that cannot be used are named with the reason, and the others are photos', async () => {
  const { page } = await gallery.open('#studio');
  await dropFiles(page, [
    ...(await drawnPhotos(2)),
    file('notes.txt', Buffer.from('not a picture')),
    file('tiny.png', await plain(200, 63, 'red').png().toBuffer()),
    file('phone.heic', Buffer.from('ftypheic'), 'image/heic'),
    file('broken.zip', Buffer.from('PK not a zip')),
  ]);
  await photosRead(page, 2);
  const list = page.locator('.unusable li');
  await expect.poll(() => list.allInnerTexts()).toHaveLength(4);
  expect(await list.allInnerTexts()).toEqual([
    'notes.txt: not a picture that this browser can read',
    'tiny.png: smaller than 64 pixels',
    'phone.heic: HEIC, which this browser cannot read; save it as JPEG first',
    'broken.zip: the zip is damaged',
  ]);
});

test('of a zip its pictures are taken, in folders too; hidden files are passed over and others counted', async () => {
  const { page } = await gallery.open('#studio');
  const [one, two] = await drawnPhotos(2);
  const zip = zipSync({
    'dogs/one.png': one!.buffer,
    'dogs/more/two.png': two!.buffer,
    'dogs/again.png': one!.buffer,
    'dogs/readme.md': new Uint8Array(5),
    'dogs/.DS_Store': new Uint8Array(5),
    '__MACOSX/dogs/._one.png': new Uint8Array(5),
  });
  await dropFiles(page, [file('dogs.zip', Buffer.from(zip))]);
  await photosRead(page, 2);
  await page.getByText('1 file in the zip is no picture.').waitFor();
  expect(await page.locator('.unusable').count()).toBe(0);
});

test('a photo is upright and in its colours, cut to the middle; its square can be moved, and stays after a reload', async () => {
  const { page } = await gallery.open('#studio');
  // Upright: 300 x 200, left half red, right half blue.
  const upright = await plain(300, 200, '#d02010')
    .composite([{ input: await plain(150, 200, '#1020d0').png().toBuffer(), left: 150, top: 0 }])
    .png()
    .toBuffer();
  // Stored on its side, with the EXIF orientation that turns it upright again.
  const turned = await sharp(await sharp(upright).rotate(-90).toBuffer())
    .withMetadata({ orientation: 6 })
    .png()
    .toBuffer();
  await dropFiles(page, [file('turned.png', turned)]);
  await photosRead(page, 1);
  expect(await colourAt(page, 'turned.png', 0.1, 0.5)).toEqual([0xd0, 0x20, 0x10]);
  expect(await colourAt(page, 'turned.png', 0.9, 0.5)).toEqual([0x10, 0x20, 0xd0]);

  await page.getByRole('button', { name: 'Adjust turned.png' }).click();
  await page.getByRole('slider', { name: 'Size' }).fill('100');
  const left = page.getByRole('slider', { name: 'From the left' });
  await left.fill('199');
  await left.press('ArrowRight');
  expect(await left.inputValue()).toBe('200');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => colourAt(page, 'turned.png', 0.1, 0.5)).toEqual([0x10, 0x20, 0xd0]);

  await page.reload();
  await photosRead(page, 1);
  expect(await colourAt(page, 'turned.png', 0.1, 0.5)).toEqual([0x10, 0x20, 0xd0]);
  await page.getByRole('button', { name: 'Adjust turned.png' }).click();
  expect(await page.getByRole('slider', { name: 'From the left' }).inputValue()).toBe('200');
  const box = (await page.locator('.square-dialog .frame').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  expect(await page.getByRole('slider', { name: 'From the left' }).inputValue()).toBe('0');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => colourAt(page, 'turned.png', 0.9, 0.5)).toEqual([0xd0, 0x20, 0x10]);

  await page.getByRole('button', { name: 'Adjust turned.png' }).click();
  await page.getByRole('button', { name: 'Remove this photo' }).click();
  await expect.poll(() => page.locator('.photo').count()).toBe(0);
});

test('a setting that is not legal says what is, and training cannot start', async () => {
  const { page } = await gallery.open('#studio');
  await dropFiles(page, await drawnPhotos(1));
  await photosRead(page, 1);
  const start = page.getByRole('button', { name: 'Start', exact: true });
  expect(await start.isEnabled()).toBe(true);
  await page.getByText('Advanced', { exact: true }).click();
  await page.getByLabel('channels', { exact: true }).fill('7');
  await page.getByLabel('channels', { exact: true }).blur();
  await page.getByText('Must be a whole number from 8 to 256.').waitFor();
  expect(await start.isEnabled()).toBe(false);
  await page.getByRole('button', { name: 'Defaults' }).click();
  expect(await start.isEnabled()).toBe(true);
});

test('where the browser keeps no files, photos are refused in words, and none is said to be read', async () => {
  const { page } = await gallery.open('icon.svg');
  await page.route('**/photo-worker*.js', async (route) => {
    const response = await route.fetch();
    const noFiles =
      'navigator.storage.getDirectory = () => Promise.reject(new DOMException("no files", "SecurityError"));';
    await route.fulfill({ response, body: `${noFiles}\n${await response.text()}` });
  });
  await page.addInitScript(() => {
    window.failures = 0;
    const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')!;
    Object.defineProperty(Worker.prototype, 'onmessage', {
      set(this: Worker, listen: (event: MessageEvent) => void) {
        set!.call(this, (event: MessageEvent) => {
          listen(event);
          if (event.data.kind === 'failed') window.failures++;
        });
      },
    });
  });
  await page.goto(`${gallery.address}#studio`);
  await page
    .getByRole('alert')
    .getByText(/^This browser does not let the page keep files/)
    .waitFor();
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(1));
  // Once when the page was opened, once for the photo.
  await expect.poll(() => page.evaluate(() => window.failures)).toBe(2);
  await expect.poll(() => page.locator('.adding progress').count()).toBe(0);
});

test('on a phone Start is within reach with many photos, and all photos are shown on request', async () => {
  const { page } = await gallery.open('#studio', { viewport: { width: 390, height: 844 } });
  await dropFiles(page, await drawnPhotos(40));
  await photosRead(page, 40);
  const shown = page.locator('.photos button');
  await expect.poll(() => shown.count()).toBe(24);
  const start = (await page.getByRole('button', { name: 'Start', exact: true }).boundingBox())!;
  expect(start.y).toBeLessThan(2.5 * 844);
  await page.getByRole('button', { name: 'Show all 40' }).click();
  await expect.poll(() => shown.count()).toBe(40);
});
