import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { settled } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();

/** Where the page keeps the number of threads for the newest model. */
async function storageKey(): Promise<string> {
  const { generator } = JSON.parse(await readFile(join(models, 'newer-64/model.json'), 'utf8'));
  return `latent-dogs/threads/${generator.sha256.slice(0, 16)}`;
}

const threadsOf = async (page: Page) => Number(await page.locator('.badge').getAttribute('data-threads'));

async function expectDog(page: Page): Promise<void> {
  await settled(page);
  const golden = await goldenPixels(models, 'newer-64', zOf('4', 100));
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
}

/** Opens the page as a visitor whose device has chosen this number of threads. */
async function visitWith(threads: number, prepare: (page: Page) => Promise<unknown> = async () => {}) {
  const { page } = await gallery.open('icon.svg');
  await page.evaluate(([key, value]) => localStorage.setItem(key!, value!), [await storageKey(), String(threads)]);
  await prepare(page);
  await page.goto(`${gallery.address}#dogs=4`);
  return page;
}

test('the first visit begins with one thread, and chooses the number for the next by a measurement', async ({
  skip,
}) => {
  const { page } = await gallery.open('#dogs=4');
  await settled(page);
  if ((await page.evaluate(() => navigator.hardwareConcurrency)) < 2) skip('one core');
  const key = await storageKey();
  const kept = () => page.evaluate((name) => localStorage.getItem(name), key);
  expect(await kept()).toBe(null);
  expect(await threadsOf(page)).toBe(1);
  await expect.poll(kept).toMatch(/^[1-4]$/);
  await expectDog(page);
  const chosen = Number(await kept());
  await expect.poll(() => threadsOf(page)).toBe(chosen);
  await page.reload();
  await expectDog(page);
  expect(await threadsOf(page)).toBe(chosen);
});

test('several threads make the same dogs', async ({ skip }) => {
  const page = await visitWith(2);
  if ((await page.evaluate(() => navigator.hardwareConcurrency)) < 2) skip('one core');
  await expectDog(page);
  expect(await threadsOf(page)).toBe(2);
});

test('where several threads do not start, one makes the dogs', async ({ skip }) => {
  const page = await visitWith(2, (page) =>
    page.route('**/generator-worker*.js', async (route) => {
      const response = await route.fetch();
      const noThreads = 'self.Worker = class { constructor() { throw new Error("no more workers"); } };';
      await route.fulfill({ response, body: `${noThreads}\n${await response.text()}` });
    }),
  );
  if ((await page.evaluate(() => navigator.hardwareConcurrency)) < 2) skip('one core');
  await expectDog(page);
  expect(await threadsOf(page)).toBe(1);
});
