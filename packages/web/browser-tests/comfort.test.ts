import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { zOf } from './support/golden.ts';
import { settled, tile } from './support/visit.ts';

const gallery = withGallery();

const openFavourites = (page: Page) => page.getByRole('radio', { name: /^Favourites/ }).check({ force: true });
const cells = (page: Page) => page.locator('.favourites .cell');

/** A file of favourites. */
const fileOf = (count: number, version = 1) => ({
  name: 'favourites.json',
  mimeType: 'application/json',
  buffer: Buffer.from(
    JSON.stringify({
      format: 'latent-dogs favourites',
      version,
      favourites: Array.from({ length: count }, (_, i) => `dogs=many${i}&model=newer-64`),
    }),
  ),
});

test('of many favourites only those near the window are in the document; an import says what it left out', async () => {
  const { page } = await gallery.open('');
  await (await tile(page, '2')).press('f');
  await page.getByText('Dog 2 is a favourite now.').waitFor();
  await openFavourites(page);
  const chooser = page.locator('input[type=file]');
  await chooser.setInputFiles(fileOf(1, 99));
  await page.getByText(/saved by a newer version of this page/).waitFor();
  await chooser.setInputFiles(fileOf(2500));
  await page.getByText('1999 favourites added. 501 were left out: this page keeps 2000.').waitFor();
  expect(await cells(page).count()).toBeLessThan(80);
  await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }));
  // The visitor's own is still there: the oldest, at the end.
  await page.getByRole('button', { name: 'Show 2', exact: true }).waitFor();
  expect(await cells(page).count()).toBeLessThan(80);
});

test('after a favourite is removed the next one has the focus', async () => {
  const { page } = await gallery.open('');
  await tile(page, '1');
  await openFavourites(page);
  await page.locator('input[type=file]').setInputFiles(fileOf(3));
  await cells(page).nth(2).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await page.getByRole('button', { name: 'many1: Remove from favourites' }).press('Enter');
  await expect.poll(focused).toBe('many2: Remove from favourites');
  await page.getByRole('button', { name: 'many2: Remove from favourites' }).press('Enter');
  await expect.poll(focused).toBe('many0: Remove from favourites');
});

test('the title says what is shown', async () => {
  const { page } = await gallery.open('');
  await tile(page, '1');
  expect(await page.title()).toBe('Latent Dogs');
  await (await tile(page, '1')).click();
  await expect.poll(() => page.title()).toBe('1 · Latent Dogs');
  await page.getByRole('link', { name: 'How it works' }).click();
  await expect.poll(() => page.title()).toBe('How it works · Latent Dogs');
});

test('Back from another part of the page leads to the same place in the grid', async () => {
  const { page } = await gallery.open('');
  await tile(page, '1');
  await page.getByRole('button', { name: 'Other dogs' }).click();
  await page.evaluate(() => scrollTo({ top: 9000, behavior: 'instant' }));
  const dogInSight = () =>
    page.evaluate(
      () =>
        document
          .elementFromPoint(innerWidth * 0.7, innerHeight / 2)
          ?.closest('.tile')
          ?.querySelector('.number')?.textContent,
    );
  await expect.poll(dogInSight).toBeTruthy();
  const before = await dogInSight();
  await page.getByRole('button', { name: 'Back to the top' }).waitFor();
  await page.evaluate(() => document.querySelectorAll<HTMLElement>('.top a')[2]!.click());
  await page.getByRole('heading', { name: 'How it works' }).waitFor();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect.poll(dogInSight).toBe(before);
  await page.reload();
  await expect.poll(dogInSight).toBe(before);
});

test('the favourites and other dogs have an address and an entry of the history', async () => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page } = await gallery.open('#dogs=5&from=700', { permissions });
  await tile(page, '700');
  const first = () => page.locator('[data-index="0"] .number').textContent();
  await page.getByRole('button', { name: 'Other dogs' }).click();
  await expect.poll(() => page.url()).toMatch(/#dogs=5&.*from=(?!700)\d+$/);
  const other = await first();
  expect(page.url()).toContain(`from=${other}`);
  await openFavourites(page);
  await expect.poll(() => page.url()).toContain('shelf=favourites');
  await page.reload();
  await page.getByRole('radio', { name: /^Favourites/, checked: true }).waitFor();
  await page.getByRole('heading', { name: '5', exact: true }).waitFor();
  await page.goBack();
  await expect.poll(first).toBe(other);
  await page.goBack();
  await expect.poll(first).toBe('700');
  await page.goForward();
  await expect.poll(first).toBe(other);
  // What is sent to others is the dog, not where the visitor looks for more dogs.
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).not.toContain('from=');
});

test.each(['from=4294967296', 'from=x', 'shelf=mine', 'from=-5'])(
  'an address with the illegal %s opens the first dogs',
  async (part) => {
    const { page } = await gallery.open(`#dogs=5&${part}`);
    await tile(page, '1');
  },
);

declare global {
  interface Window {
    /** How often the page has asked for an animation frame. */
    asked: number;
    realFrame: typeof requestAnimationFrame;
    /** The first number of every z that the worker was asked for. */
    wanted: number[];
  }
}

/** How often the page asks for an animation frame while the display shows ten. */
const framesAsked = (page: Page) =>
  page.evaluate(async () => {
    const before = window.asked;
    for (let frame = 0; frame < 10; frame++) await new Promise((shown) => window.realFrame(shown));
    return window.asked - before;
  });

test('a page that nobody touches comes to rest, and nothing moves behind another part of it', async () => {
  const { page } = await gallery.open('icon.svg', { reducedMotion: 'no-preference' });
  await page.addInitScript(() => {
    window.asked = 0;
    window.realFrame = requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => {
      window.asked++;
      return window.realFrame(callback);
    };
  });
  await page.goto(gallery.address);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  expect(await framesAsked(page)).toBeGreaterThan(5);
  // Three rounds of three legs.
  await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 110_000 });
  await settled(page);
  await expect.poll(() => framesAsked(page)).toBe(0);

  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('link', { name: 'How it works' }).click();
  await page.getByRole('heading', { name: 'Layer 4: 32 × 32' }).waitFor();
  await expect.poll(() => framesAsked(page)).toBe(0);
});

test('dogs in the window are made before those above and below it', async () => {
  const { page } = await gallery.open('icon.svg');
  await page.addInitScript(() => {
    window.wanted = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, message: { kind: string; z: Float32Array }) {
      // newer-64 has a latent of 100.
      if (message.kind === 'generate')
        for (let i = 0; i < message.z.length; i += 100) window.wanted.push(message.z[i]!);
      postMessage.call(this, message);
    } as typeof postMessage;
  });
  await page.goto(`${gallery.address}#dogs=1`);
  await tile(page, '1');
  await page.waitForFunction(() => !document.querySelector('.grid .dog:not(.painted)'));
  await page.evaluate(() => {
    window.wanted = [];
    scrollTo({ top: 5000, behavior: 'instant' });
  });
  await page.waitForFunction(
    () => scrollY === 5000 && window.wanted.length > 0 && !document.querySelector('.grid .dog:not(.painted)'),
  );
  const { seen, spare } = await page.evaluate(() => {
    const tiles = Array.from(document.querySelectorAll('.grid .tile'), (dog) => {
      const { top, bottom } = dog.getBoundingClientRect();
      return { label: dog.querySelector('.number')!.textContent!, inWindow: top < innerHeight && bottom > 0 };
    });
    const labels = (inWindow: boolean) => tiles.filter((dog) => dog.inWindow === inWindow).map(({ label }) => label);
    return { seen: labels(true), spare: labels(false) };
  });
  const wanted = await page.evaluate(() => window.wanted);
  const turn = (label: string) => wanted.indexOf(zOf(label, 100)[0]!);
  const asked = spare.map(turn).filter((at) => at !== -1);
  expect(asked.length).toBeGreaterThan(4);
  expect(Math.max(...seen.map(turn))).toBeLessThan(Math.min(...asked));
});

test('a panel that does not arrive says so', async () => {
  const { page } = await gallery.open('#dogs=1,2&at=0');
  await settled(page);
  await page.route('**/panels-*.js', (route) => route.abort());
  await page.getByRole('button', { name: 'Puppies' }).click();
  await page.getByText('This part of the page did not arrive. Load the page again.').waitFor();
});

test('in forced colours what is chosen is still told apart', async () => {
  const { page } = await gallery.open('#dogs=1,2&at=0.5', { forcedColors: 'active' });
  await settled(page);
  const dog = await tile(page, '1');
  const style = (selector: string, name: 'backgroundColor' | 'outlineStyle') =>
    page.evaluate(([which, what]) => getComputedStyle(document.querySelector(which)!)[what], [selector, name] as const);
  expect(await dog.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  expect(await style('.views input:checked + span', 'backgroundColor')).not.toBe(
    await style('.views input:not(:checked) + span', 'backgroundColor'),
  );
});
