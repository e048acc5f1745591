import { TEST_VECTORS } from '@latent-dogs/latent/test-vectors';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from './support/browser.ts';
import { type StaticServer, serveStatic } from './support/static-server.ts';

let browser: Browser;
let server: StaticServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), serveStatic(inject('vectors'))]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

test('this browser gives the same z for a seed as every other runtime, bit for bit', async () => {
  const page = await browser.newPage();
  // Any page of that origin does; this one says "Not found".
  await page.goto(server.address);
  const check = `import('${server.address}test-vectors.js').then((vectors) => [
    vectors.checkTestVectors(),
    vectors.TEST_VECTORS.length,
  ])`;
  const [differences, count] = (await page.evaluate(check)) as [string[], number];
  expect(differences).toEqual([]);
  expect(count).toBe(TEST_VECTORS.length);
  await page.close();
});
