import { childLabel } from '@latent-dogs/latent';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, inject, test } from 'vitest';
import { dogLatent } from '../src/state/picture-latent.ts';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, pictureOf, zOf } from './support/golden.ts';
import { save } from './support/save.ts';
import { drawOn, nameField, settled, tile } from './support/visit.ts';

const gallery = withGallery();
const stageOf = (page: Page) => page.locator('.stage .picture canvas');
const golden = (z: Float32Array) => goldenPixels(inject('models'), 'newer-64', z);
const open = (page: Page, step: string) => page.getByRole('button', { name: step, exact: true }).click();

async function expectStage(page: Page, z: Float32Array): Promise<void> {
  await settled(page);
  expect(await differenceFrom(stageOf(page), await golden(z))).toBeLessThanOrEqual(1);
}

test('two names have eight puppies; one of them is bred on, and its link shows the same family', async () => {
  const { page, problems } = await gallery.open();
  await nameField(page, 'first').fill('Anna');
  await nameField(page, 'second').fill('Ben');
  await page.getByRole('button', { name: 'See their puppy' }).click();
  const litter = page.getByRole('list', { name: 'Puppies of Anna and Ben' });
  await litter.locator('.dog.painted').nth(7).waitFor();
  expect(await litter.getByRole('button').count()).toBe(8);
  const puppy = childLabel('Anna', 'Ben', 3);
  await litter.getByRole('button', { name: 'Puppy 3' }).click();
  await page.getByRole('heading', { name: 'Anna × Ben 3', exact: true }).waitFor();
  await expectStage(page, dogLatent(puppy, 100));

  await nameField(page, 'second').fill('Max');
  await page.getByRole('heading', { name: 'Anna × Ben 3 → Max' }).waitFor();
  await page.getByRole('list', { name: 'Puppies of Anna × Ben 3 and Max' }).getByRole('button').nth(1).click();
  const grandchild = childLabel(puppy, 'Max', 2);
  await expectStage(page, dogLatent(grandchild, 100));
  await expect.poll(() => page.url()).toContain(encodeURIComponent(grandchild));

  await page.reload();
  await page.getByRole('heading', { name: '(Anna × Ben 3) × Max 2' }).waitFor();
  await expectStage(page, dogLatent(grandchild, 100));
  expect(problems).toEqual([]);
});

test('the pad keeps its dogs where they are: a fifth changes one corner, and one put back leaves the view', async () => {
  const { page } = await gallery.open('#dogs=1,2,3,4&mix=0.1,0.1');
  const corners = page.locator('.corner-name');
  await expect.poll(() => corners.allTextContents()).toEqual(['1', '2', '3', '4']);
  // The handle is near the first corner, so the fourth one matters least.
  await (await tile(page, '8')).click();
  await expect.poll(() => corners.allTextContents()).toEqual(['1', '2', '3', '8']);
  await (await tile(page, '9')).dragTo(page.locator('.corner').nth(1));
  await expect.poll(() => corners.allTextContents()).toEqual(['1', '9', '3', '8']);
  await (await tile(page, '8')).click();
  await expect.poll(() => corners.allTextContents()).toEqual(['1', '9', '3', 'empty']);
  expect(page.url()).toContain('mix=0.1,0.1');
});

test('a dog that is dropped on the stage is picked', async () => {
  const { page } = await gallery.open('#dogs=1');
  await settled(page);
  await (await tile(page, '4')).dragTo(page.locator('.picture'));
  await page.getByRole('heading', { name: '1 → 4' }).waitFor();
});

test('the handle goes round by itself, its link opens that way, and it is saved as an animation', async () => {
  const { page } = await gallery.open('#dogs=1,2,3,4&at=0', { reducedMotion: 'no-preference' });
  await settled(page);
  await open(page, 'Mix');
  const pad = page.getByRole('slider', { name: /^Mixing pad/ });
  const seen = new Set<string | null>();
  await expect.poll(async () => seen.add(await pad.getAttribute('aria-valuetext')).size).toBeGreaterThan(3);
  await expect.poll(() => page.url()).toContain('mix=orbit');
  await page.reload();
  await expect.poll(async () => seen.add(await pad.getAttribute('aria-valuetext')).size).toBeGreaterThan(7);
  await page.getByRole('button', { name: 'Pause' }).click();
  await settled(page);
  const rest = await pictureOf(stageOf(page));
  await drawOn(page);
  expect(await pictureOf(stageOf(page))).toBe(rest);
  const { bytes } = await save(page, 'Animation (GIF)');
  const { pages, delay } = await sharp(bytes, { animated: true }).metadata();
  // Once round takes 9.6 s.
  expect(pages! * delay![0]!).toBe(9600);
});

test('mixing two dogs adds named ones, which leave again', async () => {
  const { page } = await gallery.open('#dogs=1,2&at=0.5');
  await settled(page);
  await open(page, 'Mix');
  await expect.poll(() => page.locator('.corner-name').allTextContents()).toEqual(['1', '2', 'Bella', 'Max']);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('heading', { name: '1 → 2', exact: true }).waitFor();
});

test('the directions that have a name are dials with their ends shown, dice turn them, and the montage sets the variety', async () => {
  const { page } = await gallery.open('#dogs=5');
  await settled(page);
  await open(page, 'Dials');
  await page.locator('.dials .dog.painted').nth(6).waitFor();
  expect(await page.locator('.dial-name').allTextContents()).toEqual(['coat: light', 'Variety']);
  const before = await pictureOf(stageOf(page));
  await page.getByRole('button', { name: 'Surprise me' }).click();
  await expect.poll(() => page.url()).toMatch(/dials=0,-?[\d.]+&/);
  await settled(page);
  expect(await pictureOf(stageOf(page))).not.toBe(before);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('button', { name: 'Variety 2' }).click();
  await expect.poll(() => page.url()).toContain('psi=2');
  await expectStage(
    page,
    zOf('5', 100).map((value) => 2 * value),
  );
});

test('more dogs are added by name, and put back without losing the focus', async () => {
  const { page } = await gallery.open('#dogs=1,2&at=0');
  await settled(page);
  await open(page, 'More dogs');
  await page.getByRole('textbox', { name: 'Another name or number' }).fill('rex');
  await page.getByRole('textbox', { name: 'Another name or number' }).press('Enter');
  await page.getByRole('heading', { name: '1 → 2 → rex' }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await page.getByRole('button', { name: 'Put dog 2 back' }).press('Enter');
  await expect.poll(focused).toBe('Put dog rex back');
  await page.getByRole('button', { name: 'Put dog rex back' }).press('Enter');
  await expect.poll(focused).toBe('Put dog 1 back');
  await page.getByRole('button', { name: 'Start over' }).press('Enter');
  await expect.poll(() => nameField(page, 'first').evaluate((field) => field === document.activeElement)).toBe(true);
});
