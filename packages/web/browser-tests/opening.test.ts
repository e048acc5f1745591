import type { Locator, Page, Route } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { settled, tile } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();
const chosen = withGallery(inject('retrainedSite'));

/** Mean difference of what a canvas shows, shrunk to the size of a golden picture, from that picture, 0 to 255. */
const meanDifference = (canvas: Locator, golden: Uint8Array) =>
  canvas.evaluate((element, bytes) => {
    const shown = element as HTMLCanvasElement;
    const size = Math.sqrt(bytes.length / 4);
    const small = new OffscreenCanvas(size, size).getContext('2d')!;
    small.imageSmoothingQuality = 'high';
    small.drawImage(shown, 0, 0, size, size);
    const { data } = small.getImageData(0, 0, size, size);
    return bytes.reduce((sum, value, i) => sum + Math.abs(value - data[i]!), 0) / bytes.length;
  }, Array.from(golden));

const golden = (label: string) => goldenPixels(models, 'newer-64', zOf(label, 100));

/** Opens the page with the model's answer held back. @returns lets it go */
async function visitBeforeModel(fragment: string): Promise<{ page: Page; release: () => Promise<void> }> {
  const { page } = await gallery.open('icon.svg');
  const held: Route[] = [];
  let isHeld = true;
  await page.route('**/generator.onnx*', async (route) => {
    if (isHeld) held.push(route);
    else await route.continue();
  });
  await page.goto(gallery.address + fragment);
  const release = async () => {
    await expect.poll(() => held.length).toBeGreaterThan(0);
    isHeld = false;
    for (const route of held) await route.continue();
  };
  return { page, release };
}

test('dogs are there before the model, and it replaces them without a flicker or a jump', async () => {
  const { page, release } = await visitBeforeModel('');
  const first = page.locator('.tile .dog').first();
  await page.locator('.tile .dog.previewed').first().waitFor();
  await page.locator('.stage .picture .dog.previewed').waitFor();
  expect(await page.locator('.dog.painted').count()).toBe(0);
  const [shown, other] = await Promise.all(['1', '2'].map(golden));
  expect(await meanDifference(first, shown!)).toBeLessThan(0.5 * (await meanDifference(first, other!)));
  const onStage = page.locator('.stage .picture .dog');
  expect(await meanDifference(onStage, await golden('luna'))).toBeLessThan(
    0.5 * (await meanDifference(onStage, await golden('coco'))),
  );
  await page.evaluate(() => {
    const seen = { shift: 0, gone: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { sources } = entry as unknown as { sources: { node: Node | null }[] };
        const moved = sources.map(({ node }) => (node instanceof Element ? node : node?.parentElement));
        // The percentage is text whose width changes, and the badge in the corner comes with the engine.
        seen.shift += moved.filter((element) => element?.closest('main') && !element.closest('.loading')).length;
      }
    }).observe({ type: 'layout-shift' });
    new MutationObserver((changes) => {
      for (const { target } of changes)
        if (target instanceof HTMLCanvasElement && !/painted|previewed/.test(target.className)) seen.gone++;
    }).observe(document.querySelector('main')!, { subtree: true, attributeFilter: ['class'] });
  });
  await release();
  await tile(page, '1');
  await settled(page);
  expect(await differenceFrom(first, shown!)).toBeLessThanOrEqual(1);
  expect(await page.evaluate(() => (window as unknown as { seen: object }).seen)).toEqual({ shift: 0, gone: 0 });
});

test('a link to another model, or to a dog with dials, shows no picture of the build on the stage', async () => {
  for (const fragment of ['#dogs=1&model=older-32', '#dogs=1&dials=2', '#dogs=1&psi=0.5', '#dogs=1']) {
    const { page, release } = await visitBeforeModel(fragment);
    const isPlain = fragment === '#dogs=1';
    // The sheet is there and has had every chance to be drawn.
    await page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => /opening-.*\.webp/.test(name)),
    );
    await page.evaluate(async () => {
      for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame);
    });
    expect(await page.locator('.stage .picture .dog.previewed').count(), fragment).toBe(isPlain ? 1 : 0);
    if (isPlain) {
      await release();
      await settled(page);
      expect(await page.locator('.stage .picture .dog.previewed').count()).toBe(0);
    }
    await page.close();
  }
});

test('the page opens with the dogs that a person chose: in the walk and in the first rows', async () => {
  const { page } = await chosen.open();
  await settled(page);
  await tile(page, '95');
  const labels = await page.locator('.tile .number').allTextContents();
  expect(labels.slice(0, 6)).toEqual(['5', '95', '2', '40', '1', '3']);
  expect(await page.locator('.stage .picture canvas').getAttribute('aria-label')).toBe('Dog 5, Dog 95, Dog 2');
});

test('links to the page have a picture', async () => {
  const { page } = await gallery.open();
  const content = (name: string) => page.locator(`meta[property="${name}"]`).getAttribute('content');
  expect(await content('og:title')).toBe('Latent Dogs');
  const answer = await page.request.get(new URL((await content('og:image'))!, gallery.address).href);
  expect([answer.status(), (await answer.body()).subarray(0, 3).toString('hex')]).toEqual([200, 'ffd8ff']);
});
