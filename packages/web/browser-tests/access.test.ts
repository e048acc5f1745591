import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { serveStatic } from './support/static-server.ts';
import { drawnPhotos, phaseIs, photosRead, seenBy, setAdvanced } from './support/studio.ts';
import { settled, tile, visit } from './support/visit.ts';

/** Screenshots for people to look at; git ignores the folder. */
const ARTEFACTS = fileURLToPath(new URL('../../../artifacts/gallery', import.meta.url));

const gallery = withGallery();
beforeAll(() => mkdir(ARTEFACTS, { recursive: true }));

const onStage = (page: Page) => settled(page);

const studioWithPhotos = async (page: Page) => {
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(40));
  await photosRead(page, 40);
};

/** Trains a small network for a few steps, and pauses. */
const trainBriefly = async (page: Page) => {
  await studioWithPhotos(page);
  await setAdvanced(page, { channels: '8', batch: '8' });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect.poll(() => seenBy(page)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await phaseIs(page, 'paused');
};

interface Scene {
  fragment: string;
  ready: (page: Page) => Promise<unknown>;
}

const SCENES: Readonly<Record<string, Scene>> = {
  grid: { fragment: '', ready: (page) => tile(page, '1') },
  morph: { fragment: '#dogs=luna,2&at=0.4', ready: onStage },
  'mix-dials': { fragment: '#dogs=luna,7,coco,12&mix=0.3,0.6&dials=1.5,-1&psi=0.8', ready: onStage },
  puppies: {
    fragment: '#dogs=luna,2',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Puppies' }).click();
      await page.locator('.litter .dog.painted').nth(7).waitFor();
    },
  },
  'more-dogs': {
    fragment: '#dogs=luna,2,3&at=0',
    ready: async (page) => {
      await page.getByRole('button', { name: 'More dogs' }).click();
      await page.getByRole('textbox', { name: 'Another name or number' }).waitFor();
    },
  },
  favourites: {
    fragment: '#dogs=luna',
    ready: async (page) => {
      await onStage(page);
      await page.locator('.stage .action').first().click();
      await page.locator('input[name=shelf]').nth(1).check({ force: true });
      await page.locator('.favourites .dog.painted').waitFor();
    },
  },
  'save-menu': {
    fragment: '#dogs=luna,2&at=0.4',
    ready: async (page) => {
      await onStage(page);
      await page.locator('.menu summary').click();
      await page.getByRole('button', { name: 'Film' }).waitFor();
    },
  },
  'save-menu-of-one-dog': {
    fragment: '#dogs=luna',
    ready: async (page) => {
      await onStage(page);
      await page.locator('.menu summary').click();
      await page.getByText('A film needs a walk').waitFor();
    },
  },
  'how-it-works': {
    fragment: '#page=how',
    ready: (page) => page.locator('.final .dog.painted, .channels canvas').nth(10).waitFor(),
  },
};

const STUDIO_SCENES: Readonly<Record<string, Scene>> = {
  studio: {
    fragment: '#studio',
    ready: async (page) => {
      await studioWithPhotos(page);
      await page.getByText('Advanced', { exact: true }).click();
    },
  },
  'studio-square': {
    fragment: '#studio',
    ready: async (page) => {
      await studioWithPhotos(page);
      await page.locator('.photo').first().click();
      await page.locator('.square-dialog img').waitFor();
    },
  },
  'studio-training': {
    fragment: '#studio',
    ready: async (page) => {
      await studioWithPhotos(page);
      await setAdvanced(page, { channels: '8', batch: '8', tickEvery: '40', sheetEvery: '80' });
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.locator('.faces canvas.painted').waitFor();
      await page.locator('.studio-timelapse img').waitFor();
    },
  },
  'studio-name': {
    fragment: '#studio',
    ready: async (page) => {
      await trainBriefly(page);
      await page.getByRole('button', { name: 'Finish', exact: true }).click();
      await page.getByRole('textbox', { name: 'Name of the model' }).waitFor();
    },
  },
  'studio-finished': {
    fragment: '#studio',
    ready: async (page) => {
      await trainBriefly(page);
      await page.getByRole('button', { name: 'Finish', exact: true }).click();
      await page.getByRole('button', { name: 'Make the model' }).click();
      await page.locator('.saved-model').waitFor();
    },
  },
};

/** Violations of the Web Content Accessibility Guidelines, one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = (await page.evaluate('axe.run()')) as AxeResults;
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  );
}

/** The largest difference between a dog's width and height, in pixels. */
function mostSqueezed(): number {
  const boxes = Array.from(document.querySelectorAll('.picture, .tile, .corner .dog'), (dog) =>
    dog.getBoundingClientRect(),
  );
  return Math.max(0, ...boxes.map(({ width, height }) => Math.abs(width - height)));
}

const WIDTHS = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1440 },
];

for (const [name, { fragment, ready }] of Object.entries({ ...SCENES, ...STUDIO_SCENES })) {
  // Three passes of axe and five layouts.
  test(`${name}: axe-core finds no violation, nothing is wider than the window, and dogs are square`, {
    timeout: 300_000,
  }, async () => {
    const { page } = await gallery.open(fragment);
    await ready(page);
    expect(await violations(page)).toEqual([]);
    for (const { width, height } of WIDTHS) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await expect.poll(() => page.evaluate(mostSqueezed)).toBeLessThan(1);
      if (width === 390) expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: `${ARTEFACTS}/${name}-${width}.png`, fullPage: /^(how|studio)/.test(name) });
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('.language select').selectOption('ko');
    await page.getByRole('link', { name: '작동 원리' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${ARTEFACTS}/${name}-dark-ko.png` });
  });
}

const OTHER_STATES: Readonly<
  Record<string, { fragment?: string; prepare: (page: Page) => Promise<unknown>; ready: string }>
> = {
  'a model that does not arrive': {
    prepare: (page) => page.route('**/generator.onnx*', (route) => route.abort()),
    ready: '[role=alert] .strong',
  },
  'a damaged model': {
    prepare: (page) => page.route('**/generator.onnx*', (route) => route.fulfill({ body: 'damaged' })),
    ready: '[role=alert] .strong',
  },
  'a site without models': {
    prepare: (page) => page.route('**/models/index.json', (route) => route.fulfill({ json: { models: [] } })),
    ready: '[role=alert]',
  },
  'a browser that is too old': {
    prepare: (page) =>
      page.route('**/generator-worker*.js', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `WebAssembly.validate = () => false;\n${await response.text()}` });
      }),
    ready: '[role=alert] img',
  },
  'a part of the page that is missing': {
    fragment: '#page=how',
    prepare: (page) => page.route(/assets\/.*panel-/, (route) => route.fulfill({ status: 404 })),
    ready: '.how [role=alert]',
  },
  'a Studio that cannot keep files': {
    fragment: '#studio',
    prepare: (page) =>
      page.route('**/photo-worker*.js', async (route) => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          body: `navigator.storage.getDirectory = undefined;\n${await response.text()}`,
        });
      }),
    ready: '.photo-panel [role=alert]',
  },
  'a model on its way': {
    prepare: (page) => page.route('**/generator.onnx*', () => {}),
    ready: '.loading progress',
  },
};

/** No violation in English, nor in Korean in light and dark, and nothing is wider than the window. */
async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
  await page.locator('.language select').selectOption('ko');
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('ko');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
  }
  for (const { width, height } of WIDTHS) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
}

for (const [name, { fragment = '', prepare, ready }] of Object.entries(OTHER_STATES)) {
  test(`${name}: axe-core finds no violation, and nothing is wider than the window`, async () => {
    const { page } = await gallery.open('icon.svg');
    await prepare(page);
    await page.goto(gallery.address + fragment);
    await page.locator(ready).first().waitFor();
    await expectAccessible(page);
  });
}

test('where the device has a share sheet: axe-core finds no violation in the menu and beside a file to send', async () => {
  const { page } = await gallery.open('icon.svg');
  await page.addInitScript(() => {
    Object.assign(navigator, { share: async () => {}, canShare: () => true });
  });
  await page.goto(`${gallery.address}#dogs=luna,2&at=0.4`);
  await settled(page);
  await page.locator('.menu summary').click();
  await page.locator('.menu-items').getByRole('button', { name: 'Copy link' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Picture (PNG)' }).click();
  await page.getByRole('button', { name: /^Send \(/ }).waitFor();
  await expectAccessible(page);
});

test('a new version: axe-core finds no violation, and nothing is wider than the window', async () => {
  const server = await serveStatic(inject('site'));
  onTestFinished(() => server.close());
  const { page } = await visit(gallery.browser, server.address, { serviceWorkers: 'allow' });
  await settled(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  server.update(inject('retrainedSite'));
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.locator('.update').waitFor();
  await expectAccessible(page);
});

test('a large window has a large picture, and on a laptop all controls of the stage are in sight', async () => {
  const { page } = await gallery.open('#dogs=1,2&at=0.5', { viewport: { width: 2560, height: 1440 } });
  await settled(page);
  expect((await page.locator('.picture').boundingBox())!.width).toBeGreaterThanOrEqual(600);
  expect((await page.locator('main').boundingBox())!.width).toBeGreaterThan(2000);
  for (const height of [900, 720]) {
    await page.setViewportSize({ width: 1440, height });
    const bottom = () => page.locator('.steps').evaluate((steps) => steps.getBoundingClientRect().bottom);
    await expect.poll(bottom).toBeLessThanOrEqual(height);
  }
});
