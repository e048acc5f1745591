import { slerp, truncate } from '@latent-dogs/latent';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, pictureOf, zOf } from './support/golden.ts';
import { drawOn, settled, tile, visit } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();

const stageOf = (page: Page) => page.locator('.stage .picture canvas');
const sliderOf = (page: Page) => page.getByRole('slider', { name: 'Position between the dogs' });
const golden = (z: Float32Array) => goldenPixels(models, 'newer-64', z);

async function expectStage(page: Page, z: Float32Array): Promise<void> {
  await settled(page);
  expect(await differenceFrom(stageOf(page), await golden(z))).toBeLessThanOrEqual(1);
}

test('two picked dogs are the ends of the slider, and between them it follows the great circle', async () => {
  const { page, problems } = await gallery.open();
  await (await tile(page, '3')).click();
  await (await tile(page, '4')).click();
  await sliderOf(page).fill('0');
  await expectStage(page, zOf('3', 100));
  const first = await pictureOf(stageOf(page));
  await sliderOf(page).fill('1');
  await expectStage(page, zOf('4', 100));
  expect(await pictureOf(stageOf(page))).not.toBe(first);
  await sliderOf(page).fill('0.37');
  await expectStage(page, slerp(zOf('3', 100), zOf('4', 100), 0.37));
  expect(await sliderOf(page).getAttribute('aria-valuetext')).toBe('37 % of the way from Dog 3 to Dog 4');

  // The first dog is put back: the second one is alone on the stage.
  await (await tile(page, '3')).click();
  await expectStage(page, zOf('4', 100));
  expect(await (await tile(page, '3')).getAttribute('aria-pressed')).toBe('false');
  expect(problems).toEqual([]);
});

test('dragging a dog onto another makes a walk of the two', async () => {
  const { page } = await gallery.open();
  await (await tile(page, '2')).dragTo(await tile(page, '8'));
  await sliderOf(page).fill('1');
  await expectStage(page, zOf('8', 100));
  await sliderOf(page).fill('0');
  await expectStage(page, zOf('2', 100));
});

test('three dogs are a closed walk: the last leg leads back to the first', async () => {
  const { page } = await gallery.open('#dogs=1,rex,5');
  await sliderOf(page).fill('2.5');
  await expectStage(page, slerp(zOf('5', 100), zOf('1', 100), 0.5));
  await sliderOf(page).fill('3');
  await expectStage(page, zOf('1', 100));
  await sliderOf(page).fill('1');
  await expectStage(page, zOf('rex', 100));
});

test('a walk plays by itself, and stands still with reduced motion until asked', async () => {
  const { page } = await gallery.open('', { reducedMotion: 'no-preference' });
  await page.waitForSelector('.stage .dog.painted');
  const seen = new Set<string>();
  await expect.poll(async () => seen.add(await pictureOf(stageOf(page))).size).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Pause' }).click();
  await settled(page);
  const paused = await pictureOf(stageOf(page));
  await drawOn(page);
  expect(await pictureOf(stageOf(page))).toBe(paused);

  const still = await gallery.open();
  await settled(still.page);
  const before = await pictureOf(stageOf(still.page));
  await drawOn(still.page);
  expect(await pictureOf(stageOf(still.page))).toBe(before);
  await still.page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => pictureOf(stageOf(still.page))).not.toBe(before);
});

test('the address holds the whole picture: a walk, its dials and truncation', async () => {
  const { page } = await gallery.open();
  await (await tile(page, '6')).click();
  await (await tile(page, '7')).click();
  await sliderOf(page).fill('0.25');
  await page.getByRole('button', { name: 'Dials' }).click();
  await page.getByRole('slider', { name: 'coat: light' }).fill('-1.5');
  const variety = page.getByRole('slider', { name: 'Variety' });
  await variety.fill('0.7');
  await variety.scrollIntoViewIfNeeded();
  // The picture is in sight, whole, while the last dial is.
  const box = (await page.locator('.picture').boundingBox())!;
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThan((await variety.boundingBox())!.y);
  await settled(page);
  const before = await pictureOf(stageOf(page));
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect.poll(() => page.url()).toContain('dogs=6,7&at=0.25&psi=0.7&dials=0,-1.5&model=newer-64');

  const other = await visit(gallery.browser, page.url());
  await settled(other.page);
  await expect.poll(() => pictureOf(stageOf(other.page))).toBe(before);
  expect(await sliderOf(other.page).inputValue()).toBe('0.25');
  expect(await other.page.getByRole('slider', { name: 'coat: light' }).inputValue()).toBe('-1.5');
  await other.page.getByRole('button', { name: 'Reset' }).click();
  await expectStage(other.page, slerp(zOf('6', 100), zOf('7', 100), 0.25));
});

test('truncation scales z, for the stage and the grid', async () => {
  const { page } = await gallery.open('#dogs=11&psi=0.5');
  await expectStage(page, truncate(zOf('11', 100), 0.5));
  const inGrid = (await tile(page, '12')).locator('canvas');
  expect(await differenceFrom(inGrid, await golden(truncate(zOf('12', 100), 0.5)))).toBeLessThanOrEqual(1);
});

test('the pad mixes four dogs, and its link shows the same mixture', async () => {
  const { page } = await gallery.open('#dogs=1,2,3,4&mix=0,0');
  await expectStage(page, zOf('1', 100));
  const pad = page.getByRole('slider', { name: /^Mixing pad/ });
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 50, box.y + box.height + 50, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => pad.getAttribute('aria-valuetext')).toMatch(/^100 % to the right, 100 % down$/);
  await expectStage(page, zOf('4', 100));
  await pad.press('ArrowLeft');
  await pad.press('ArrowUp');
  const [a, b, c, d] = ['1', '2', '3', '4'].map((label) => zOf(label, 100)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  await expectStage(page, slerp(slerp(a, b, 0.95), slerp(c, d, 0.95), 0.95));
  await expect.poll(() => page.url()).toContain('mix=0.95,0.95');
});

test('everything works by keyboard', async () => {
  const { page } = await gallery.open();
  await tile(page, '1');
  const focusedLabel = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
  const tabTo = async (label: RegExp) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if (label.test((await focusedLabel()) ?? '')) return;
    }
    throw new Error(`Tab never came to ${label}`);
  };
  await tabTo(/^Dog 1$/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await expect.poll(focusedLabel).toBe('Dog 2');
  await page.keyboard.press('ArrowRight');
  await expect.poll(focusedLabel).toBe('Dog 3');
  await page.keyboard.press('Space');
  await page.keyboard.press('f');
  await page.keyboard.press('PageDown');
  await expect.poll(async () => Number(/\d+/.exec((await focusedLabel())!)?.[0])).toBeGreaterThan(5);
  await page.keyboard.press('PageUp');
  await expect.poll(focusedLabel).toBe('Dog 3, picked, number 2');

  await sliderOf(page).focus();
  await page.keyboard.press('End');
  await expectStage(page, zOf('3', 100));
  await page.keyboard.press('ArrowLeft');
  await expectStage(page, slerp(zOf('1', 100), zOf('3', 100), 0.98));
  await page.getByRole('radio', { name: 'Favourites 1' }).press('Space');
  await page.getByRole('button', { name: 'Show 3' }).press('Enter');
  await expectStage(page, zOf('3', 100));
});
