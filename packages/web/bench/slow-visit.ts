/**
 * @module A first visit on a slow connection: when the first dogs are seen, and when the engine makes them.
 *
 * `node packages/web/bench/slow-visit.ts http://localhost:8787/ [visits]`
 */
import { findChromium, launch } from '../browser-tests/support/chromium.ts';

/** A phone on "Fast 3G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back. */
const CONNECTION = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true };

interface Seen {
  /** Milliseconds since the address was opened. */
  firstDogs: number;
  engine: number;
  /** Progress as the page says it, percent, by the second. */
  progress: number[];
  layoutShift: number;
  bytes: number;
}

async function visitSlowly(address: string): Promise<Seen> {
  const browser = await launch(await findChromium());
  try {
    const page = await (await browser.newContext(PHONE)).newPage();
    page.setDefaultTimeout(300_000);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', CONNECTION);
    await page.addInitScript(() => {
      const seen = { shift: 0, dogs: 0, engine: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
      const look = () => {
        if (document.querySelector('.dog.previewed, .dog.painted')) seen.dogs ||= performance.now();
        if (document.querySelector('.dog.painted')) seen.engine ||= performance.now();
        if (!seen.engine) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const began = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    const progress: number[] = [];
    const timer = setInterval(async () => {
      const bar = page.locator('.loading progress');
      const share = await bar
        .evaluate((element) => (element as HTMLProgressElement).value, null, { timeout: 500 })
        .catch(() => null);
      if (share !== null) progress.push(Math.round(share * 100));
    }, 1000);
    await page.waitForFunction(() => (window as unknown as { seen: { engine: number } }).seen.engine > 0);
    clearInterval(timer);
    const total = performance.now() - began;
    const { shift, dogs, engine } = await page.evaluate(
      () => (window as unknown as { seen: { shift: number; dogs: number; engine: number } }).seen,
    );
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
    );
    if (total < engine) throw new Error('the clocks disagree');
    return { firstDogs: dogs, engine, progress, layoutShift: shift, bytes };
  } finally {
    await browser.close();
  }
}

const [address = 'http://localhost:8787/', visits = '3'] = process.argv.slice(2);
for (let visit = 0; visit < Number(visits); visit++) {
  const { firstDogs, engine, progress, layoutShift, bytes } = await visitSlowly(address);
  console.log(
    `first dogs ${(firstDogs / 1000).toFixed(1)} s, engine ${(engine / 1000).toFixed(1)} s, layout shift ${layoutShift.toFixed(3)}, page's own ${Math.round(bytes / 1000)} kB; progress ${progress.join(' ')}`,
  );
}
