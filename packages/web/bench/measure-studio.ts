/** @module What training in the page costs, measured in Chromium, for `pnpm bench web`. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { drawnPhotos, photosRead, setAdvanced } from '../browser-tests/support/studio.ts';

export interface StudioCost {
  threads: number;
  batch: number;
  imagesPerSecond: number;
  /** CPU time of the page's process, all its threads together. Linux only; else NaN. */
  imagesPerCpuSecond: number;
  /** From the press on Start to the end of the first step, milliseconds. */
  firstStep: number;
  /** Largest resident memory of the page's process, bytes. Linux only; else 0. */
  peakMemory: number;
}

/** The first steps are slower: the browser compiles. */
const WARM_UP_SECONDS = 15;
const SECONDS = 30;
/** /proc counts CPU time in these units a second. */
const TICKS = 100;
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
  await page.getByRole('radio', { name: 'Nothing' }).check();
  await setAdvanced(page, { batch: String(batch) });
  const began = performance.now();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.locator('.run-panel[data-phase="training"]').waitFor();
  const firstStep = performance.now() - began;
  const now = async () => ({
    images: Number(await page.locator('.numbers progress').getAttribute('value')),
    seconds: performance.now() / 1000,
    cpuSeconds: Math.max(...(await renderers(browser, cpuSeconds))),
  });
  await page.waitForTimeout(1000 * WARM_UP_SECONDS);
  const before = await now();
  await page.waitForTimeout(1000 * SECONDS);
  const after = await now();
  const images = after.images - before.images;
  const peakMemory = Math.max(...(await renderers(browser, peakBytes)));
  await context.close();
  return {
    threads,
    batch,
    imagesPerSecond: images / (after.seconds - before.seconds),
    imagesPerCpuSecond: images / (after.cpuSeconds - before.cpuSeconds),
    firstStep,
    peakMemory,
  };
}

/** What `measure` says of each page's process, by its id. */
async function renderers(browser: Browser, measure: (id: number) => Promise<number>): Promise<number[]> {
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  return await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => measure(id)));
}

async function peakBytes(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

async function cpuSeconds(id: number): Promise<number> {
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  // After the name, which may hold spaces: fields 14 and 15 of the line, user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
