import type { Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { serveStatic } from './support/static-server.ts';
import { settled, visit } from './support/visit.ts';

const models = inject('models');
const gallery = withGallery();

/** A server of the test's own, to be stopped or updated, and a first visit to it. */
async function firstVisit() {
  const server = await serveStatic(inject('site'));
  onTestFinished(() => server.close());
  return { server, ...(await visit(gallery.browser, server.address, { serviceWorkers: 'allow' })) };
}

/** Waits until the service worker has kept the model, its timelapse and ONNX Runtime. */
async function kept(page: Page): Promise<void> {
  const held = () =>
    page.evaluate(async () => {
      const requests = await (await caches.open('big-files')).keys();
      return requests.map(({ url }) => new URL(url).pathname.replace(/.*\.wasm$/, 'a .wasm'));
    });
  const files = ['a .wasm', '/models/newer-64/generator.onnx', '/models/newer-64/timelapse/000300000.webp'];
  await expect.poll(held).toEqual(expect.arrayContaining(files));
}

test('after one visit the page works with the server gone', async () => {
  const { server, page, problems } = await firstVisit();
  await settled(page);
  await kept(page);
  await server.close();

  await page.goto(`${server.address}#dogs=rex`);
  await page.reload();
  await settled(page);
  const golden = await goldenPixels(models, 'newer-64', zOf('rex', 100));
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
  // Threads need the isolation headers, which the cached page must have too.
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByRole('link', { name: 'How it works' }).click();
  await page.getByRole('heading', { name: 'Layer 4: 32 × 32' }).waitFor();
  await page.getByRole('img', { name: 'after 300,000 pictures' }).waitFor();
  expect(problems.filter((problem) => !problem.includes('sw.js'))).toEqual([]);
});

test('an update is used once the last tab of the old version is closed, never mixed with it', async () => {
  const { server, page } = await firstVisit();
  await settled(page);
  await kept(page);
  server.update(inject('siteWithoutModels'));
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const incoming = registration.installing ?? registration.waiting;
    await new Promise<void>((done) => {
      if (incoming?.state === 'installed') done();
      incoming?.addEventListener('statechange', () => incoming.state === 'installed' && done());
    });
  });
  await page.reload();
  await settled(page);

  const next = await page.context().newPage();
  await page.close();
  const newVersion = next.getByRole('heading', { name: 'No dogs live here yet' });
  const oldVersion = next.locator('.stage .dog.painted');
  // The browser takes a moment to put the new version in charge.
  await expect
    .poll(async () => {
      await next.goto('about:blank');
      await next.goto(server.address);
      await newVersion.or(oldVersion).first().waitFor();
      return newVersion.isVisible();
    })
    .toBe(true);
  expect(await next.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('page-')).length)).toBe(
    1,
  );
});

test('the page can be installed', async () => {
  const { server, page } = await firstVisit();
  const devtools = await page.context().newCDPSession(page);
  const { errors, data } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { icons, display, start_url } = JSON.parse(data!);
  expect({ display, start_url }).toEqual({ display: 'standalone', start_url: './' });
  for (const { src, sizes } of icons) {
    const [width] = await page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return [image.naturalWidth];
    }, new URL(src, server.address).href);
    if (sizes !== 'any') expect(`${width}x${width}`).toBe(sizes);
  }
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // The test's window is a private one, which cannot install anything.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});
