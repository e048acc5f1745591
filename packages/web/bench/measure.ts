/**
 * @module What the gallery costs a visitor, measured in Chromium, for `pnpm bench web`.
 *
 * It uses the newest model of models/ (or of the folder in LATENT_DOGS_MODELS). Without one, it uses random weights in the
 * shape of the paper's DCGAN.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { findChromium, launch } from '../browser-tests/support/chromium.ts';
import { serveStatic } from '../browser-tests/support/static-server.ts';
import { findModels } from '../build/model-folders.ts';
import { writeFixtureModel } from '../src/testing/fixture-model.ts';
import { measureStudio, type StudioCost } from './measure-studio.ts';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const site = fromHere('../.cache/bench-site/dist');
const VISITS = 5;
const MORPH_SECONDS = 5;
const DEEP = 1000;
const TRAININGS = [
  { threads: 1, batch: 32 },
  { threads: 2, batch: 32 },
  { threads: 1, batch: 16 },
];

export interface Bytes {
  bytes: number;
  gzipped: number;
}

type Weights = Record<'page' | 'film' | 'studio' | 'runtime' | 'model', Bytes>;

export interface GalleryCost {
  model: { name: string; size: number; bytes: number };
  /** Version of Chromium. */
  browser: string;
  /** Milliseconds of each visit. */
  firstDog: number[];
  /** What the page's badge says. */
  pace: { threads: string; single: string; webgpu: string };
  /** A second: pictures on the stage, and frames of the display. */
  frames: { stage: number; display: number };
  weight: Weights;
  /** Bytes, before and after scrolling to so many dogs; `tiles` are in the document then. */
  memory: { before: number; after: number; tiles: number; dogs: number };
  /** Training with one and with two threads, then with the smaller batch. */
  studio: StudioCost[];
}

async function chooseModels(): Promise<string> {
  const folder = process.env.LATENT_DOGS_MODELS ?? fromHere('../../../models');
  if ((await findModels(folder)).length > 0) return folder;
  const own = fromHere('../.cache/bench-site/models');
  await writeFixtureModel(own, { name: 'random-64', seed: 1, latentSize: 100, size: 64, channels: 64 });
  return own;
}

async function open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  // Counts what the stage shows, and notes when it first shows a dog.
  await page.addInitScript(() => {
    const counts = { stage: 0, first: 0 };
    Object.assign(window, { counts });
    const prototype = CanvasRenderingContext2D.prototype;
    const { putImageData } = prototype;
    prototype.putImageData = function (this: CanvasRenderingContext2D, ...all: unknown[]) {
      if (this.canvas.closest('.stage .picture')) counts.stage++;
      counts.first ||= performance.now();
      return (putImageData as (...all: unknown[]) => void).apply(this, all);
    } as typeof putImageData;
  });
  await page.goto(address);
  await page.waitForSelector('.dog.painted');
  return page;
}

const counts = (page: Page) => page.evaluate('counts') as Promise<{ stage: number; first: number }>;

/** Milliseconds from the start of a navigation with nothing cached to the first dog drawn. */
async function firstDog(browser: Browser, address: string): Promise<number[]> {
  const times: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const page = await open(browser, address);
    times.push((await counts(page)).first);
    await page.context().close();
  }
  return times;
}

/** The badge's text after the given number of dogs. */
async function pace(
  browser: Browser,
  address: string,
  wanted: string,
  dogs: number,
  storage: Record<string, string> = {},
): Promise<string> {
  const { origin } = new URL(address);
  const localStorage = Object.entries(storage).map(([name, value]) => ({ name, value }));
  const page = await open(browser, address, { storageState: { cookies: [], origins: [{ origin, localStorage }] } });
  await page.waitForFunction((many) => document.querySelectorAll('.grid .dog.painted').length >= many, dogs);
  const badge = page.locator('.badge');
  const provider = await badge.getAttribute('data-provider');
  const text = (await badge.locator('.numbers').textContent())!;
  await page.context().close();
  return provider === wanted ? text : `not there (${text})`;
}

async function framesASecond(browser: Browser, address: string): Promise<{ stage: number; display: number }> {
  const page = await open(browser, `${address}#dogs=1,2`, { reducedMotion: 'no-preference' });
  // A link to several dogs opens playing.
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  // Once there and back: from then on every step of the walk has been made.
  await page.waitForTimeout(6000);
  const before = (await counts(page)).stage;
  const display = await page.evaluate(async (seconds) => {
    let frames = 0;
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      frames++;
    }
    return frames / seconds;
  }, MORPH_SECONDS);
  const stage = ((await counts(page)).stage - before) / MORPH_SECONDS;
  await page.context().close();
  return { stage, display };
}

/** Memory of the page's process in bytes, including workers and canvases, after a garbage collection. Linux only. */
async function memory(browser: Browser, page: Page): Promise<number> {
  const own = await page.context().newCDPSession(page);
  await own.send('HeapProfiler.collectGarbage');
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(async ({ id }) => {
      const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
    });
  return Math.max(...(await Promise.all(sizes)));
}

async function memoryAfter(
  browser: Browser,
  address: string,
): Promise<{ before: number; after: number; tiles: number }> {
  const page = await open(browser, address);
  await page.waitForFunction(() => document.querySelectorAll('.grid .dog:not(.painted)').length === 0);
  const before = await memory(browser, page);
  const deepest = () =>
    page.evaluate(() =>
      Math.max(...Array.from(document.querySelectorAll('.grid .number'), (e) => Number(e.textContent))),
    );
  await page.mouse.move(900, 600);
  while ((await deepest()) < DEEP) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(50);
    await page.waitForFunction(() => document.querySelectorAll('.grid .dog:not(.painted)').length === 0);
  }
  const after = await memory(browser, page);
  const tiles = await page.locator('.grid .tile').count();
  await page.context().close();
  return { before, after, tiles };
}

async function weights(): Promise<Weights> {
  const sum = { page: [0, 0], film: [0, 0], studio: [0, 0], runtime: [0, 0], model: [0, 0] } as Record<
    string,
    [number, number]
  >;
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name).slice(site.length);
    if (/\.jspi|sw\.js|\.png$/.test(file)) continue;
    const kind = /\/video-/.test(file)
      ? 'film'
      : /\/ort[.-]/.test(file)
        ? 'runtime'
        : file.endsWith('.onnx')
          ? 'model'
          : file.startsWith('/assets/studio/')
            ? 'studio'
            : 'page';
    if (kind === 'page' && !/\.(js|css|html)$/.test(file)) continue;
    const bytes = await readFile(join(site, file));
    sum[kind]![0] += bytes.length;
    sum[kind]![1] += gzipSync(bytes).length;
  }
  return Object.fromEntries(
    Object.entries(sum).map(([kind, [bytes, gzipped]]) => [kind, { bytes, gzipped }]),
  ) as Weights;
}

/** Each in a browser of its own, so that its peak memory is its own. */
async function trainings(address: string): Promise<StudioCost[]> {
  const costs: StudioCost[] = [];
  for (const options of TRAININGS) {
    const browser = await launch(await findChromium());
    try {
      costs.push(await measureStudio(browser, address, options));
    } finally {
      await browser.close();
    }
  }
  return costs;
}

export async function measureGallery(): Promise<GalleryCost> {
  const models = await chooseModels();
  process.env.LATENT_DOGS_MODELS = models;
  await build({
    configFile: fromHere('../vite.config.ts'),
    logLevel: 'error',
    build: { outDir: site, emptyOutDir: true },
  });
  const [{ entry }] = (await findModels(models)) as [Awaited<ReturnType<typeof findModels>>[number]];
  const browser = await launch(await findChromium());
  const isolated = await serveStatic(site);
  const plain = await serveStatic(site, { isolated: false });
  try {
    return {
      model: entry,
      browser: browser.version(),
      firstDog: await firstDog(browser, isolated.address),
      pace: {
        // As if the page had found that two threads are faster here (src/engine/thread-choice.ts).
        threads: await pace(browser, isolated.address, 'wasm', 24, {
          [`latent-dogs/threads/${entry.sha256.slice(0, 16)}`]: '2',
        }),
        single: await pace(browser, plain.address, 'wasm', 24),
        webgpu: await pace(browser, `${isolated.address}?provider=webgpu`, 'webgpu', 3),
      },
      frames: await framesASecond(browser, isolated.address),
      weight: await weights(),
      memory: { ...(await memoryAfter(browser, isolated.address)), dogs: DEEP },
      studio: await trainings(isolated.address),
    };
  } finally {
    await browser.close();
    await isolated.close();
    await plain.close();
  }
}
