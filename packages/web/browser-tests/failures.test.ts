import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { serveStatic } from './support/static-server.ts';
import { nameField, settled, visit } from './support/visit.ts';
import { hasWebgpu } from './support/webgpu.ts';

const models = inject('models');
const gallery = withGallery();

const NEWER_MODEL = '**/newer-64/generator.onnx*';

/** Opens the page after `prepare` has changed what its requests are answered with. */
async function visitPrepared(fragment: string, prepare: (page: Page) => Promise<unknown>) {
  const visited = await gallery.open('icon.svg');
  await prepare(visited.page);
  await visited.page.goto(gallery.address + fragment);
  return visited;
}

async function expectDog(page: Page, label: string, model = 'newer-64', latentSize = 100): Promise<void> {
  await settled(page);
  const golden = await goldenPixels(models, model, zOf(label, latentSize));
  expect(await differenceFrom(page.locator('.stage .picture canvas'), golden)).toBeLessThanOrEqual(1);
}

const badge = (page: Page) => page.locator('.badge').evaluate((element) => ({ ...(element as HTMLElement).dataset }));

test('a model that does not arrive: the page says so, and tries again on request', async () => {
  const { page } = await visitPrepared('#dogs=4', (page) =>
    page.route(NEWER_MODEL, (route) => route.fulfill({ status: 503 })),
  );
  const alert = page.getByRole('alert');
  await alert.getByRole('heading', { name: 'The generator could not be downloaded' }).waitFor();
  expect(await alert.textContent()).toContain('503');
  await page.unroute(NEWER_MODEL);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expectDog(page, '4');
});

test('a model that arrives damaged is not run, and another one may be chosen', async () => {
  const { page } = await visitPrepared('#dogs=4', async (page) => {
    const bytes = await readFile(join(models, 'newer-64/generator.onnx'));
    bytes[bytes.length >> 1]! ^= 1;
    await page.route(NEWER_MODEL, (route) => route.fulfill({ body: bytes }));
  });
  await page.getByRole('heading', { name: 'The generator’s file is damaged' }).waitFor();
  await page.getByRole('button', { name: 'Model: older-32' }).click();
  await expectDog(page, '4', 'older-32', 40);
});

test('a site without models says how to make one', async () => {
  const empty = await serveStatic(inject('siteWithoutModels'));
  onTestFinished(() => empty.close());
  const { page, problems } = await visit(gallery.browser, empty.address);
  const alert = page.getByRole('alert');
  await alert.getByRole('heading', { name: 'No dogs live here yet' }).waitFor();
  expect(await alert.textContent()).toMatch(/pnpm train.*pnpm export/);
  expect(problems).toEqual([]);
});

test('a browser without WebAssembly SIMD gets an explanation and dogs made before', async () => {
  const { page } = await visitPrepared('', (page) =>
    page.route('**/generator-worker*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `WebAssembly.validate = () => false;\n${await response.text()}` });
    }),
  );
  await page.getByRole('heading', { name: 'This browser is too old to make dogs' }).waitFor();
  const samples = page.getByRole('img', { name: 'A sheet of dogs made earlier by this model' });
  await samples.waitFor();
  await expect.poll(() => samples.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(256);
});

test('a browser whose workers are no modules gets the same explanation', async () => {
  const { page } = await gallery.open('icon.svg');
  // As Firefox before 114, which takes no notice of `type`.
  await page.addInitScript(() => {
    const Original = Worker;
    window.Worker = class extends Original {
      constructor(address: string | URL) {
        super(address);
      }
    };
  });
  await page.goto(gallery.address);
  await page.getByRole('heading', { name: 'This browser is too old to make dogs' }).waitFor();
});

test('without the headers for shared memory one thread makes the dogs', async () => {
  const plain = await serveStatic(inject('site'), { isolated: false });
  onTestFinished(() => plain.close());
  const { page, problems } = await visit(gallery.browser, `${plain.address}#dogs=4`);
  await expectDog(page, '4');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(await badge(page)).toEqual({ provider: 'wasm', threads: '1' });
  expect(problems).toEqual([]);
});

test('WebGPU makes the same dogs; when its device is lost WebAssembly goes on', async ({ skip }) => {
  if (!(await hasWebgpu(gallery))) skip('this Chromium has no WebGPU adapter');
  const { page } = await gallery.open('?provider=webgpu#dogs=4');
  await expectDog(page, '4');
  expect(await badge(page)).toEqual({ provider: 'webgpu', threads: '1' });

  const devtools = await gallery.browser.newBrowserCDPSession();
  // The GPU process is gone before it can answer.
  await devtools.send('Browser.crashGpuProcess' as never).catch(() => {});
  await page.getByText('The graphics processor stopped responding.').waitFor();
  await expect.poll(() => page.locator('.badge').count()).toBe(1);
  expect((await badge(page)).provider).toBe('wasm');
  await nameField(page, 'second').fill('after');
  await page.getByRole('button', { name: 'Put dog 4 back' }).click();
  await expectDog(page, 'after');
});

test('if WebGPU is available but does not start, WebAssembly makes the dogs from the beginning', async ({ skip }) => {
  if (!(await hasWebgpu(gallery))) skip('this Chromium has no WebGPU adapter');
  const { page } = await visitPrepared('?provider=webgpu#dogs=4', (page) =>
    page.route('**/*.jspi*.wasm', (route) => route.abort()),
  );
  await expectDog(page, '4');
  expect((await badge(page)).provider).toBe('wasm');
});
