/**
 * @module What every visitor does, in every browser engine. `pnpm test` runs it in Chromium, `pnpm test:browsers` also in Firefox
 * and in WebKit, where Debian's packages of them are installed.
 */
import { slerp } from '@latent-dogs/latent';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { BROWSERS } from './support/drivers/browsers.ts';
import type { OpenBrowser } from './support/drivers/tab.ts';
import { enlargedDifference, goldenPixels, zOf } from './support/golden.ts';
import { serveStatic } from './support/static-server.ts';
import { drawnPhotos } from './support/studio.ts';

const STAGE = '.stage .dog.painted[data-settled="true"]';
const FIRST_NAME = '.parent:nth-of-type(1) input';
const SECOND_NAME = '.parent:nth-of-type(2) input';
const PLAYING = '.play[aria-label="Pause"]';

for (const { name, missing, open } of BROWSERS) {
  const tags = name === 'Chromium' ? [] : ['other-browsers'];
  const title = missing === null ? name : `${name} (not installed: ${missing})`;
  describe.skipIf(missing !== null)(title, { tags }, () => {
    let browser: OpenBrowser;
    beforeAll(async () => {
      browser = await open(inject('chromium'));
    });
    afterAll(() => browser.close());

    /** A server of the test's own, so that each test begins with empty storage. */
    let server: Awaited<ReturnType<typeof serveStatic>>;
    beforeEach(async () => {
      server = await serveStatic(inject('site'));
      onTestFinished(() => server.close());
    });

    const evaluate = <Value>(expression: string) => browser.tab.evaluate<Value>(expression);
    const isThere = (selector: string) => evaluate<boolean>(`document.querySelector('${selector}') !== null`);
    const waitFor = (selector: string) => expect.poll(() => isThere(selector), { message: selector }).toBe(true);
    const textIs = (selector: string, text: RegExp) =>
      expect.poll(() => evaluate<string>(`document.querySelector('${selector}')?.textContent ?? ''`)).toMatch(text);
    /** Opens an address of the server as a page of its own. */
    const visit = async (relative = '') => {
      await browser.tab.goTo('about:blank');
      await browser.tab.goTo(server.address + relative);
    };
    const click = async (selector: string) => {
      await waitFor(selector);
      await browser.tab.clickAt(
        await evaluate(`(() => {
          const element = document.querySelector('${selector}');
          element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
          const { x, y, width, height } = element.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        })()`),
      );
    };
    const typeInto = async (selector: string, text: string) => {
      await click(selector);
      await browser.tab.type(text);
    };
    /** Largest difference between what the stage shows and the picture that Node makes of z, 0 to 255. */
    const stageDifference = async (z: Float32Array) => {
      const golden = Array.from(await goldenPixels(inject('models'), 'newer-64', z));
      return evaluate<number>(`(() => {
        const canvas = document.querySelector('${STAGE}');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return (${enlargedDifference})(data, ${JSON.stringify(golden)});
      })()`);
    };
    const expectStage = async (z: Float32Array) => {
      await waitFor(STAGE);
      // One level for the enlarging, one for the arithmetic.
      expect(await stageDifference(z)).toBeLessThanOrEqual(2);
    };

    test('the page opens with dogs, and without a request to another site', async () => {
      await visit();
      await waitFor('.tile .dog.painted');
      await waitFor('.stage .dog.painted');
      expect(await evaluate('document.title')).toBe('Latent Dogs');
      // Not the browser's own arrow and frame.
      expect(await evaluate(`getComputedStyle(document.querySelector('select')).appearance`)).toBe('none');
      expect(await evaluate('crossOriginIsolated')).toBe(true);
      const elsewhere = `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(origin) && !name.startsWith('blob:'))`;
      expect(await evaluate(elsewhere)).toEqual([]);
    });

    test('two names that are typed become a morph that plays', async () => {
      await visit();
      await typeInto(FIRST_NAME, 'Anna');
      await typeInto(SECOND_NAME, 'Ben');
      await textIs('.names', /^Anna → Ben$/);
      await waitFor(PLAYING);
      const position = () => evaluate<string>(`document.querySelector('input.position').value`);
      const before = await position();
      await expect.poll(position).not.toBe(before);
      expect(await evaluate('document.title')).toBe('Anna → Ben · Latent Dogs');
    });

    test('a link that is shared opens the same dogs', async () => {
      await visit();
      await typeInto(FIRST_NAME, 'Anna');
      await typeInto(SECOND_NAME, 'Ben');
      await waitFor(PLAYING);
      await click('.actions .action:nth-child(2)');
      await textIs('.notice', /link/i);
      // The address follows a moment later.
      const address = () => evaluate<string>('location.href');
      await expect.poll(address).toMatch(/#dogs=Anna,Ben&model=newer-64~[0-9a-f]{8}$/);
      const shared = await address();
      await visit(shared.slice(server.address.length));
      await waitFor(PLAYING);
      await textIs('.names', /^Anna → Ben$/);

      await visit('#dogs=Anna,Ben&at=0.25');
      await expectStage(slerp(zOf('Anna', 100), zOf('Ben', 100), 0.25));
    });

    test('favourites survive a reload', async () => {
      await visit('#dogs=Anna');
      await waitFor(STAGE);
      await click('.actions .action:nth-child(1)');
      await waitFor('.action.kept');
      await visit();
      await click('.views label:nth-of-type(2)');
      await waitFor('.favourites .dog.painted');
      await textIs('.favourites .number', /^Anna$/);
    });

    test('after one visit the page works without a connection', async () => {
      await visit('#dogs=Anna');
      await waitFor(STAGE);
      await evaluate('navigator.serviceWorker.ready.then(() => true)');
      const kept = () =>
        evaluate<string[]>(`caches.open('big-files').then((cache) => cache.keys())
          .then((requests) => requests.map(({ url }) => new URL(url).pathname.replace(/.*\\.wasm$/, 'a .wasm')))`);
      await expect.poll(kept).toEqual(expect.arrayContaining(['a .wasm', '/models/newer-64/generator.onnx']));
      await server.close();
      await visit('#dogs=Ben');
      await expectStage(zOf('Ben', 100));
      expect(await evaluate('crossOriginIsolated')).toBe(true);
    });

    test('the Studio reads photos, trains, pauses and makes a model of the gallery', async () => {
      await visit('#studio');
      await waitFor('.drop-zone');
      const photos = (await drawnPhotos(40)).map(({ name: file, buffer }) => [file, buffer.toString('base64')]);
      await evaluate(`(() => {
        const transfer = new DataTransfer();
        for (const [name, base64] of ${JSON.stringify(photos)}) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          transfer.items.add(new File([bytes], name, { type: 'image/png' }));
        }
        const files = document.querySelector('.photo-files');
        files.files = transfer.files;
        files.dispatchEvent(new Event('change', { bubbles: true }));
      })()`);
      if (name === 'WebKit') {
        // Driven by a program it works as in a private window, which keeps no files.
        await textIs('.photo-panel [role=alert]', /^This browser does not let the page keep files/);
        await expect.poll(() => isThere('.adding progress')).toBe(false);
        return;
      }
      await textIs('.photo-summary p', /^40 photos$/);
      await click('.start-panel summary');
      for (const setting of ['channels', 'batch']) {
        await waitFor(`#setting-${setting}`);
        await evaluate(`(() => {
          const field = document.querySelector('#setting-${setting}');
          field.value = '8';
          field.dispatchEvent(new Event('input', { bubbles: true }));
          field.dispatchEvent(new Event('change', { bubbles: true }));
        })()`);
      }
      await click('.start-panel .big');
      await waitFor('.faces canvas.painted');
      const phaseIs = (phase: string) => waitFor(`.run-panel[data-phase="${phase}"]`);
      await phaseIs('training');
      await click('.run-actions button:nth-of-type(1)');
      await phaseIs('paused');
      await click('.run-actions button:nth-of-type(2)');
      await click('.name-form [type=submit]');
      await waitFor('.saved-model');
      await click('.own-models .strong');
      await waitFor(STAGE);
      await textIs('.model-picker', /my-dogs/);
    });
  });
}
