import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDemo } from '../build/demo.ts';
import { launchChromium } from './support/chromium.ts';
import { expectSamePictures, MODEL, referencePictures } from './support/reference.ts';
import { serveSite } from './support/static-site.ts';

test('demo.html beside a model shows its dogs on a plain static host, and asks no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'));
  for (const name of ['model.json', 'generator.onnx']) await copyFile(join(MODEL, name), join(folder, name));
  await writeDemo(folder, { name: 'dogs-64', size: 64 });
  const site = await serveSite({ folders: { deep: folder } });
  const browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => {
    if (!/^(blob:)?http:\/\/localhost/.test(request.url())) problems.push(request.url());
  });
  await page.goto(`${site.address}/deep/demo.html`);

  const dog = page.locator('#dog');
  await page.getByRole('textbox', { name: 'Any name is a dog' }).fill('rex');
  await page.getByRole('textbox').fill('luna');
  await page.locator('#dog[seed=luna][data-state=shown]').waitFor();
  const pixels = await dog.evaluate((element) => {
    const context = element.shadowRoot!.querySelector('canvas')!.getContext('2d')!;
    return Array.from(context.getImageData(0, 0, 64, 64).data);
  });
  const { luna } = await referencePictures();
  expectSamePictures({ luna: pixels }, { luna });

  await page.getByRole('slider', { name: 'One turns into another' }).fill('0.2');
  await page.locator('#morph[t="0.2"][data-state=shown]').waitFor();
  await page.locator('.row').scrollIntoViewIfNeeded();
  await expect.poll(() => page.locator('.row [data-state=shown]').count(), { timeout: 60_000 }).toBe(12);
  // A page without an icon makes browsers ask for one.
  expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true });
});
