import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, pictureOf, zOf } from './support/golden.ts';
import { nameField, settled, tile } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();

test('the first visit shows dogs, without a request to another site', async () => {
  const { page, problems } = await gallery.open();
  await settled(page);
  await tile(page, '1');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const badge = page.locator('.badge');
  expect(await badge.getAttribute('data-provider')).toBe('wasm');
  expect(await badge.textContent()).toMatch(/WebAssembly(, \d threads)? · [\d.]+ ms per dog/);
  expect(problems).toEqual([]);
});

test('dogs of the grid are those that Node makes from the same seeds', async () => {
  const { page } = await gallery.open();
  for (const label of ['1', '2', '9']) {
    const golden = await goldenPixels(models, 'newer-64', zOf(label, 100));
    expect(await differenceFrom((await tile(page, label)).locator('canvas'), golden)).toBeLessThanOrEqual(1);
  }
});

test('a name shows its dog on the stage while it is typed, and Enter goes on to the second name', async () => {
  const { page } = await gallery.open();
  await nameField(page, 'first').fill('Ada');
  const preview = page.locator('.parent .dog.painted');
  await preview.waitFor();
  const golden = await goldenPixels(models, 'newer-64', zOf('Ada', 100));
  expect(await differenceFrom(preview, golden)).toBeLessThanOrEqual(1);
  const other = await goldenPixels(models, 'newer-64', zOf('Adam', 100));
  expect(await differenceFrom(preview, other)).toBeGreaterThan(20);

  await page.getByRole('heading', { name: 'Ada' }).waitFor();
  await settled(page);
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
  await nameField(page, 'first').press('Enter');
  await expect.poll(() => nameField(page, 'second').evaluate((field) => field === document.activeElement)).toBe(true);
});

test('the grid has no end, and few of its dogs are in the document', async () => {
  const { page } = await gallery.open();
  await tile(page, '1');
  const inDocument = () => page.locator('.grid .tile').count();
  const atFirst = await inDocument();
  const lastDog = async () => Math.max(...(await page.locator('.grid .tile .number').allTextContents()).map(Number));
  let last = await lastDog();
  while (last < 1000) {
    const before = last;
    // Not with the wheel, which may still be scrolling when the test reads the numbers.
    await page.evaluate(() => scrollBy({ top: 4000, behavior: 'instant' }));
    await expect
      .poll(async () => {
        last = await lastDog();
        return last;
      })
      .toBeGreaterThan(before);
  }
  const dog = await tile(page, String(last));
  expect(await inDocument()).toBeLessThan(2 * atFirst + 40);
  const golden = await goldenPixels(models, 'newer-64', zOf(String(last), 100));
  expect(await differenceFrom(dog.locator('canvas'), golden)).toBeLessThanOrEqual(1);
});

test('another model shows other dogs, and the link says so', async () => {
  const { page } = await gallery.open('#dogs=5');
  await settled(page);
  const before = await pictureOf(page.locator('.stage .picture canvas'));
  await page.getByLabel('Model').selectOption('older-32');
  const golden = await goldenPixels(models, 'older-32', zOf('5', 40));
  await expect
    .poll(async () =>
      (await pictureOf(page.locator('.stage .picture canvas'))) === before
        ? 255
        : differenceFrom(page.locator('.stage .picture canvas'), golden),
    )
    .toBeLessThanOrEqual(1);
  await expect.poll(() => page.url()).toContain('model=older-32');
});
