/** @module A Chromium and a server of the built page, shared by the tests of one file. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { launch } from './chromium.ts';
import { type StaticServer, serveStatic } from './static-server.ts';
import { type Visit, visit } from './visit.ts';

export interface Gallery extends Pick<StaticServer, 'address' | 'requests' | 'uploads'> {
  browser: Browser;
  /** Opens the page as a new visitor; `address` is relative to the server's. */
  open(address?: string, options?: BrowserContextOptions): Promise<Visit>;
}

/**
 * Starts a browser and a server before the tests of a file and stops them afterwards. After each test its pages are closed.
 * @param folder what the server serves
 */
export function withGallery(folder = inject('site')): Gallery {
  // Its fields are set before the first test.
  const gallery = {} as Gallery;
  let server: StaticServer;
  beforeAll(async () => {
    const [browser, started] = await Promise.all([launch(inject('chromium')), serveStatic(folder)]);
    server = started;
    const { address, requests, uploads } = server;
    Object.assign(gallery, {
      browser,
      address,
      requests,
      uploads,
      open: (relative = '', options = {}) => visit(browser, address + relative, options),
    } satisfies Gallery);
  });
  afterEach(async ({ task }) => {
    for (const context of gallery.browser.contexts()) {
      if (task.result?.state === 'fail') for (const page of context.pages()) console.error(await describe(page));
      await context.close();
    }
  });
  afterAll(async () => {
    await gallery.browser.close();
    await server.close();
  });
  return gallery;
}

/** What a page showed when its test failed. */
async function describe(page: Page): Promise<string> {
  const tree = await page.locator('body').ariaSnapshot({ timeout: 5000 }).catch(String);
  return `${page.url()} shows:\n${tree}`;
}
