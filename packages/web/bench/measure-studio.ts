/** @module What training in the page costs, measured in Chromium, for `pnpm bench web`. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { drawnPhotos, photosRead, setAdvanced } from '../browser-tests/support/studio.ts';

export interface StudioCost {
  threads: number;
  batch: number;
  imagesPerSecond: number;
  /** From the press on Start to the end of the first step, milliseconds. */
  firstStep: number;
  /** Largest resident memory of the page's process, bytes. Linux only; else 0. */
  peakMemory: number;
}

/** The shown pace is that of the last ten seconds; the first ones are slower. */
const SECONDS = 40;
const PHOTOS = 64;

/** Trains the `dogs` preset at 64x64 from random weights. @param address of the built page */
export async function measureStudio(
  browser: Browser,
  address: string,
  { threads, batch }: { threads: number; batch: number },
): Promise<StudioCost> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${address}?provider=wasm&threads=${threads}#studio`);
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(PHOTOS));
  await photosRead(page, PHOTOS);
  await setAdvanced(page, { batch: String(batch) });
  const began = performance.now();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.locator('.run-panel[data-phase="training"]').waitFor();
  const firstStep = performance.now() - began;
  await page.waitForTimeout(1000 * SECONDS);
  const shown = await page.locator('.numbers dd').first().textContent();
  const peakMemory = await peakOf(browser);
  await context.close();
  return { threads, batch, imagesPerSecond: Number(shown), firstStep, peakMemory };
}

async function peakOf(browser: Browser): Promise<number> {
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    });
  return Math.max(...(await Promise.all(peaks)));
}
