/** @module The page on hosts with manners of their own, and in the middle of updates. A service worker is at work in most of them. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { type HostManners, serveStatic } from './support/static-server.ts';
import { settled, visit } from './support/visit.ts';

const site = inject('site');
const gallery = withGallery();

/** A host, and a first visit to it. */
async function firstVisit({ manners = {}, fragment = '#dogs=4' }: { manners?: HostManners; fragment?: string } = {}) {
  const server = await serveStatic(site, manners);
  onTestFinished(() => server.close());
  return { server, ...(await visit(gallery.browser, server.address + fragment, { serviceWorkers: 'allow' })) };
}

async function expectDog(page: Page, label: string, models = inject('models')): Promise<void> {
  await settled(page);
  const golden = await goldenPixels(models, 'newer-64', zOf(label, 100));
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
}

/** Waits until the service worker is in charge and has kept the model and ONNX Runtime. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => bigFiles(page)).toEqual(expect.arrayContaining(['generator.onnx', 'a .wasm']));
}

const bigFiles = (page: Page) =>
  page.evaluate(async () => {
    const requests = await (await caches.open('big-files')).keys();
    return requests.map(({ url }) => (url.endsWith('.wasm') ? 'a .wasm' : new URL(url).pathname.split('/').at(-1)!));
  });

/** Looks for an update of the service worker. @returns what became of it: "installed", or "redundant" if it failed */
const update = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const incoming = registration.installing ?? registration.waiting;
    if (!incoming) return 'none';
    return new Promise<string>((done) => {
      const look = () => ['installed', 'activated', 'redundant'].includes(incoming.state) && done(incoming.state);
      incoming.addEventListener('statechange', look);
      look();
    });
  });

const MODEL = (path: string) => path.endsWith('generator.onnx');

test('a host that redirects /index.html: the second visit, and one without a connection', async () => {
  const { server, page } = await firstVisit({ manners: { redirectsIndex: true } });
  await expectDog(page, '4');
  await kept(page);
  await server.close();
  await page.goto('about:blank');
  await page.goto(`${server.address}#dogs=rex`);
  await expectDog(page, 'rex');
});

test('a host that knows no .mjs and no .wasm', async () => {
  const { page, problems } = await firstVisit({ manners: { knowsNoModules: true } });
  await expectDog(page, '4');
  expect(problems).toEqual([]);
});

test('a host that answers a missing .wasm with a page: it is named, not kept, and a new try succeeds', async () => {
  const broken = await mkdtemp(join(tmpdir(), 'broken-site-'));
  onTestFinished(() => rm(broken, { recursive: true }));
  await cp(site, broken, { recursive: true });
  for (const name of await readdir(join(broken, 'assets')))
    if (name.endsWith('.wasm')) await rm(join(broken, 'assets', name));
  const server = await serveStatic(broken, { fallsBackToPage: true });
  onTestFinished(() => server.close());
  const { page } = await visit(gallery.browser, `${server.address}#dogs=4`, { serviceWorkers: 'allow' });
  const alert = page.getByRole('alert');
  await alert.getByRole('heading', { name: 'The generator’s file is damaged' }).waitFor();
  expect(await alert.textContent()).toMatch(/\.wasm is not the file/);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await alert.getByRole('heading', { name: 'The generator’s file is damaged' }).waitFor();
  expect(await bigFiles(page)).not.toContain('a .wasm');
  server.update(site);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expectDog(page, '4');
});

test('half of an update arrives, then the other half: the page never stays damaged', async () => {
  const { server, page } = await firstVisit();
  await expectDog(page, '4');
  await kept(page);
  // The new page is there, its model is still the old one.
  server.update(inject('retrainedSite'), MODEL);
  expect(await update(page)).toBe('redundant');
  await page.reload();
  await expectDog(page, '4');
  // A visitor who passes by the service worker gets the new page with the old model.
  const next = await page.context().newPage();
  const devtools = await next.context().newCDPSession(next);
  await devtools.send('Network.enable');
  await devtools.send('Network.setBypassServiceWorker', { bypass: true });
  await next.goto(`${server.address}#dogs=4`);
  await next.getByRole('heading', { name: 'The generator’s file is damaged' }).waitFor();
  await devtools.send('Network.setBypassServiceWorker', { bypass: false });
  server.update(inject('retrainedSite'));
  await next.getByRole('button', { name: 'Try again' }).click();
  await expectDog(next, '4', inject('retrainedModels'));
});

test('"Try again" finds the model that was deployed since the page was opened', async () => {
  const server = await serveStatic(site);
  onTestFinished(() => server.close());
  const { page } = await visit(gallery.browser, `${server.address}icon.svg`);
  await page.route('**/generator.onnx*', (route) => route.abort());
  await page.goto(`${server.address}#dogs=4`);
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await page.unroute('**/generator.onnx*');
  server.update(inject('retrainedSite'));
  await again.click();
  await expectDog(page, '4', inject('retrainedModels'));
});

test('an update brings the model that it needs, so that it works without a connection', async () => {
  const { server, page } = await firstVisit();
  await expectDog(page, '4');
  await kept(page);
  server.update(inject('retrainedSite'));
  expect(await update(page)).toBe('installed');
  const bar = page.locator('.update');
  await bar.getByText('There is a new version of this page.').waitFor();
  await server.close();
  await bar.getByRole('button', { name: 'Reload the page' }).click();
  await bar.waitFor({ state: 'detached' });
  await page.waitForLoadState('load');
  await expectDog(page, '4', inject('retrainedModels'));
});

test('an update whose model cannot be fetched changes nothing, and the old version works without a connection', async () => {
  const { server, page } = await firstVisit();
  await expectDog(page, '4');
  await kept(page);
  const incomplete = await mkdtemp(join(tmpdir(), 'incomplete-site-'));
  onTestFinished(() => rm(incomplete, { recursive: true }));
  await cp(inject('retrainedSite'), incomplete, { recursive: true });
  await rm(join(incomplete, 'models/newer-64/generator.onnx'));
  server.update(incomplete);
  expect(await update(page)).toBe('redundant');
  await server.close();
  await page.goto('about:blank');
  await page.goto(`${server.address}#dogs=rex`);
  await expectDog(page, 'rex');
});

test('parts of the page that are gone after an update say so, with a way out', async () => {
  const server = await serveStatic(site);
  onTestFinished(() => server.close());
  const { page } = await visit(gallery.browser, `${server.address}#dogs=4,5&at=0.5`);
  await settled(page);
  await page.route(/assets\/.*(panel|gif|studio)-/, (route) => route.fulfill({ status: 404 }));
  await page.locator('summary', { hasText: 'Save' }).click();
  await page.getByRole('button', { name: 'Animation (GIF)' }).click();
  await page
    .locator('.notice', { hasText: 'A part of this page is missing. The site has probably been updated' })
    .waitFor();
  for (const link of ['How it works', 'Make your own']) {
    await page.getByRole('link', { name: link }).click();
    await page.getByRole('alert').getByRole('heading', { name: 'A part of this page is missing' }).waitFor();
  }
  await page.unroute(/assets\/.*(panel|gif|studio)-/);
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page
    .getByRole('heading', { name: 'Make your own', level: 2 })
    .or(page.locator('main.studio section'))
    .first()
    .waitFor();
});

test('a worker script that is gone is not called a lack of memory; there are no empty tiles and no dead search', async () => {
  const server = await serveStatic(site);
  onTestFinished(() => server.close());
  const { page } = await visit(gallery.browser, `${server.address}icon.svg`);
  await page.route('**/generator-worker*.js', (route) => route.fulfill({ status: 404 }));
  await page.goto(server.address);
  await page.getByRole('heading', { name: 'A part of this page is missing' }).waitFor();
  expect(await page.locator('.tile').count()).toBe(0);
  expect(await page.getByRole('textbox').count()).toBe(0);
  await page.unroute('**/generator-worker*.js');
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page.locator('.stage .dog.painted').waitFor();
});
