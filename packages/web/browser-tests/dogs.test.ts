import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from './support/browser.ts';
import { differenceFrom, goldenPixels, pictureOf, zOf } from './support/golden.ts';
import { type StaticServer, serveStatic } from './support/static-server.ts';
import { settled, tile, visit } from './support/visit.ts';

const models = inject('models');
let browser: Browser;
let server: StaticServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), serveStatic(inject('site'))]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

test('the first visit shows dogs, made in threads, without a request to elsewhere', async () => {
  const { page, problems, close } = await visit(browser, server.address);
  await settled(page);
  await tile(page, '1');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const badge = page.locator('.badge');
  expect(await badge.getAttribute('data-provider')).toBe('wasm');
  expect(Number(await badge.getAttribute('data-threads'))).toBeGreaterThan(1);
  expect(await badge.textContent()).toMatch(/WebAssembly, \d threads · [\d.]+ ms a dog/);
  expect(problems).toEqual([]);
  await close();
});

test('dogs of the grid are the dogs that Node makes of the same seeds', async () => {
  const { page, close } = await visit(browser, server.address);
  for (const label of ['1', '2', '9']) {
    const golden = await goldenPixels(models, 'newer-64', zOf(label, 100));
    expect(await differenceFrom((await tile(page, label)).locator('canvas'), golden)).toBeLessThanOrEqual(1);
  }
  await close();
});

test('a name finds its dog while it is typed, and Enter puts it on the stage', async () => {
  const { page, close } = await visit(browser, server.address);
  const search = page.getByRole('textbox', { name: 'Find a dog by a name or number' });
  await search.fill('Ada');
  const preview = page.locator('.search .dog.painted');
  await preview.waitFor();
  const golden = await goldenPixels(models, 'newer-64', zOf('Ada', 100));
  expect(await differenceFrom(preview, golden)).toBeLessThanOrEqual(1);
  const other = await goldenPixels(models, 'newer-64', zOf('Adam', 100));
  expect(await differenceFrom(preview, other)).toBeGreaterThan(20);

  await search.press('Enter');
  await page.getByRole('heading', { name: 'Ada' }).waitFor();
  await settled(page);
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
  expect(await search.inputValue()).toBe('');
  await close();
});

test('the grid goes on for ever with few dogs in the document', async () => {
  const { page, close } = await visit(browser, server.address);
  await tile(page, '1');
  const inDocument = () => page.locator('.grid .tile').count();
  const atFirst = await inDocument();
  let deepest = 0;
  for (let screen = 0; screen < 40 && deepest < 1000; screen++) {
    await page.mouse.wheel(0, 4000);
    await page.waitForTimeout(30);
    deepest = Math.max(...(await page.locator('.grid .tile .number').allTextContents()).map(Number));
  }
  expect(deepest).toBeGreaterThan(1000);
  await tile(page, String(deepest - 20));
  expect(await inDocument()).toBeLessThan(2 * atFirst + 40);

  const golden = await goldenPixels(models, 'newer-64', zOf(String(deepest - 20), 100));
  expect(await differenceFrom((await tile(page, String(deepest - 20))).locator('canvas'), golden)).toBeLessThanOrEqual(
    1,
  );
  await close();
});

test('another model shows other dogs, and the link says so', async () => {
  const { page, close } = await visit(browser, `${server.address}#dogs=5`);
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
  await close();
});
