/** @module Opens the page in a test, and waits for what a visitor would wait for. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Visit {
  page: Page;
  /** Unexpected errors and requests to other origins, so far. */
  problems: string[];
}

declare global {
  interface HTMLCanvasElement {
    /** In tests: the picture that was last drawn on it, before it was enlarged. */
    drawnPicture?: ImageData;
  }
}

/**
 * Canvases show dogs enlarged, and the filters of GPUs and of software differ by a level. So every canvas remembers the
 * picture before it was enlarged.
 */
function rememberPictures(): void {
  const prototype = CanvasRenderingContext2D.prototype;
  const { drawImage } = prototype;
  prototype.drawImage = function (this: CanvasRenderingContext2D, image: CanvasImageSource, ...place: number[]) {
    if (image instanceof OffscreenCanvas) {
      this.canvas.drawnPicture = image.getContext('2d')!.getImageData(0, 0, image.width, image.height);
    }
    return (drawImage as (...all: unknown[]) => void).call(this, image, ...place);
  } as typeof drawImage;
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
  await context.addInitScript(rememberPictures);
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

/**
 * Waits until the page has had every chance to move: it has made another dog, which waits behind what a walk asks for, and
 * has drawn ten more frames.
 * @param dog one that the page has not made before
 */
export async function drawOn(page: Page, dog: string): Promise<void> {
  await page.getByRole('textbox').fill(dog);
  await page.locator('.search .dog.painted').waitFor();
  await page.evaluate(async () => {
    for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
  });
}
