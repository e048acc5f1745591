/** @module Opens the page in a test, and waits for what a visitor would wait for. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { enlargedDifference } from './golden.ts';

export interface Visit {
  page: Page;
  /** Unexpected errors and requests to other origins, so far. */
  problems: string[];
}

/** Opens the page as a new visitor: with empty storage, and without service workers unless `options` allow them. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 800 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    serviceWorkers: 'block',
    ...options,
  });
  await context.addInitScript(`window.enlargedDifference = ${enlargedDifference}`);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  const { origin } = new URL(address);
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('blob:')) problems.push(request.url());
  });
  await page.goto(address);
  return { page, problems };
}

/** Waits until the stage shows the dog of its state, and not one on the way to it. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.stage .dog.painted[data-settled="true"]');
}

/** Waits until a tile of the grid shows its dog. @returns the tile */
export async function tile(page: Page, label: string) {
  const button = page.getByRole('gridcell').getByRole('button', { name: new RegExp(`^Dog ${label}(, |$)`) });
  await button.locator('.dog.painted').waitFor({ state: 'attached' });
  return button;
}

/** The field of the first or the second name. */
export const nameField = (page: Page, which: 'first' | 'second') =>
  page.getByRole('textbox', { name: `Name of the ${which} dog` });

/** Waits until the page has had every chance to move: it has drawn so many frames. */
export async function drawOn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
  });
}
