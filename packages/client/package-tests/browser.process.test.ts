import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { launchChromium } from './support/chromium.ts';
import { ALL_PICTURES, expectSamePictures, MODEL, referencePictures } from './support/reference.ts';
import { type Site, serveSite } from './support/static-site.ts';

const folders = { models: join(MODEL, '..'), client: join(inject('installed'), 'node_modules/@latent-dogs/client') };

/** Ten lines of HTML. */
const PAGE = `<!doctype html>
<html lang="en">
<title>Dogs</title>
<script type="module" src="/client/elements.js"></script>
<h1>Dogs</h1>
<latent-dog seed="luna" model="/models/dogs-64/"><b id="placeholder">soon</b></latent-dog>
<latent-morph from="anna" to="ben" t="0.25" psi="0.7" model="/models/dogs-64/"></latent-morph>
<div style="height: 300vh"></div>
<latent-dog id="below" seed="rex" model="/models/dogs-64/" aria-label="Rex"></latent-dog>
</html>`;

const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

let browser: Browser;
let site: Site;
let reference: Awaited<ReturnType<typeof referencePictures>>;
beforeAll(async () => {
  reference = await referencePictures();
  browser = await launchChromium();
  site = await serveSite({ folders, pages: { '/': PAGE, '/empty': '<!doctype html><title>Empty</title>' } });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function open(address: string, options = {}): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(address);
  return { page, problems };
}

/** The result of a function's body in a page; `load` is the package's `loadGenerator`. */
const run = (page: Page, body: string, client = '/client') =>
  page.evaluate(`import('${client}/browser.js').then(async ({ loadGenerator: load, GeneratorError }) => { ${body} })`);

/** The pixels of an element's canvas. */
const pixelsOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const canvas = element.shadowRoot!.querySelector('canvas')!;
    return Array.from(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data);
  });

describe('the package', () => {
  test('makes the pictures of pnpm generate without isolation, on one thread', async () => {
    const { page } = await open(`${site.address}/empty`);
    const result = (await run(
      page,
      `const dogs = await load('/models/dogs-64/');
       const isImageData = (await dogs.generate('luna')) instanceof ImageData;
       return { isolated: crossOriginIsolated, provider: dogs.provider, isImageData, pictures: await ${ALL_PICTURES} }`,
    )) as { isolated: boolean; provider: string; isImageData: boolean; pictures: Record<string, number[]> };
    expect(result).toMatchObject({ isolated: false, provider: 'wasm', isImageData: true });
    expectSamePictures(result.pictures, reference);
    await page.close();
  });

  test('makes them on several threads where the page is isolated', async () => {
    const isolated = await serveSite({ folders, pages: { '/': '<!doctype html>' }, headers: ISOLATION });
    const { page } = await open(isolated.address);
    const workers = page.waitForEvent('worker', (worker) => worker.url().endsWith('/ort-wasm.js'));
    const pictures = await run(
      page,
      `const dogs = await load('/models/dogs-64/', { threads: 2 }); return ${ALL_PICTURES}`,
    );
    expectSamePictures(pictures as Record<string, number[]>, reference);
    await workers;
    await page.close();
    await isolated.close();
  });

  // An adapter in software compiles shaders for a minute on a busy machine.
  test('makes them on WebGPU', { timeout: 400_000 }, async () => {
    const { page } = await open(`${site.address}/empty`);
    const result = (await run(
      page,
      `const dogs = await load('/models/dogs-64/', { provider: 'webgpu' }).catch((error) => error);
       if (dogs instanceof GeneratorError) return dogs.code;
       return { provider: dogs.provider, pictures: await ${ALL_PICTURES} }`,
    )) as 'unsupported' | { provider: string; pictures: Record<string, number[]> };
    await page.close();
    // The Chromium of the tests may have no software adapter.
    if (typeof result === 'string') return expect(result).toBe('unsupported');
    expect(result.provider).toBe('webgpu');
    expectSamePictures(result.pictures, reference);
  });

  test('works on a page of another origin, such as from a CDN', async () => {
    const cdn = await serveSite({ folders, headers: { 'access-control-allow-origin': '*' } });
    const { page, problems } = await open(`${site.address}/empty`);
    const model = `${cdn.address}/models/dogs-64/`;
    const pictures = await run(
      page,
      `const dogs = await load('${model}'); return ${ALL_PICTURES}`,
      `${cdn.address}/client`,
    );
    expectSamePictures(pictures as Record<string, number[]>, reference);
    expect(problems).toEqual([]);
    await page.close();
    await cdn.close();
  });

  test('loads its files from a folder that the page names', async () => {
    const elsewhere = await serveSite({
      folders: { bundled: folders.client, files: folders.client, models: folders.models },
      pages: { '/': '<!doctype html>' },
    });
    const { page } = await open(elsewhere.address);
    const load = `const dogs = await load('/models/dogs-64/', { files: '/files' }); return dogs.provider`;
    expect(await run(page, load, '/bundled')).toBe('wasm');
    expect(elsewhere.requests).toContain('/files/ort-wasm.wasm');
    expect(elsewhere.requests.filter((path) => /bundled\/(ort|wasm)-/.test(path))).toEqual([]);
    await page.close();
    await elsewhere.close();
  });

  test('reports progress, and what went wrong, and stops when it is told to', async () => {
    const { page } = await open(`${site.address}/empty`);
    const result = await run(
      page,
      `const codeOf = (work) => work.then(() => 'none', (error) => error.code ?? String(error));
       const seen = [];
       const dogs = await load('/models/dogs-64/', { onProgress: (received, bytes) => seen.push(received / bytes) });
       const stop = new AbortController();
       const { signal } = stop;
       const stopped = [dogs.generate(1, { signal }), dogs.generate(2, { signal })].map(codeOf);
       const other = dogs.generate(3);
       stop.abort('enough');
       const loading = new AbortController();
       const given = codeOf(load('/models/dogs-64/', { signal: loading.signal, onProgress: () => loading.abort('no') }));
       const waiting = codeOf(dogs.generate(4).then(() => dogs.dispose()).then(() => dogs.generate(5)));
       return {
         last: seen.at(-1),
         stopped: await Promise.all(stopped),
         other: (await other).width,
         given: await given,
         missing: await codeOf(load('/models/nothing/')),
         html: await codeOf(load('/?a=model.json')),
         waiting: await waiting,
       };`,
    );
    expect(result).toEqual({
      last: 1,
      stopped: ['enough', 'enough'],
      other: 64,
      given: 'no',
      missing: 'download',
      html: 'download',
      waiting: 'disposed',
    });
    await page.close();
  });
});

describe('the elements', () => {
  test('show a dog and a step of a morph, and load one engine', async () => {
    site.requests.length = 0;
    const { page, problems } = await open(site.address);
    for (const [selector, name] of [
      ['latent-dog[seed=luna]', 'luna'],
      ['latent-morph', 'morph'],
    ] as const) {
      await page.locator(`${selector}[data-state=shown]`).waitFor();
      expectSamePictures({ [name]: await pixelsOf(page, selector) }, { [name]: reference[name] });
    }
    expect(site.requests.filter((path) => path.endsWith('.onnx'))).toHaveLength(1);
    expect(site.requests.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('are images with names, and wait until they come into view', async () => {
    const { page } = await open(site.address);
    await page.getByRole('img', { name: 'A generated dog, luna' }).waitFor();
    await page.getByRole('img', { name: 'A generated dog, anna, that turns into ben' }).waitFor();
    await page.locator('latent-dog[seed=luna][data-state=shown]').waitFor();
    const below = page.getByRole('img', { name: 'Rex' });
    expect(await below.getAttribute('data-state')).toBe('waiting');
    await below.scrollIntoViewIfNeeded();
    await page.locator('#below[data-state=shown]').waitFor();
    await page.close();
  });

  test('follow their attributes', async () => {
    const { page } = await open(site.address);
    const dog = page.locator('latent-dog[seed=luna]');
    await page.locator('latent-dog[seed=luna][data-state=shown]').waitFor();
    await dog.evaluate((element) => {
      element.id = 'dog';
      element.setAttribute('psi', '0.7');
      element.setAttribute('seed', '4294967295');
    });
    await page.locator('#dog[data-state=shown]').waitFor();
    await expect.poll(() => page.locator('#dog').getAttribute('aria-label')).toBe('A generated dog, 4294967295');
    const [truncated] = [await pixelsOf(page, '#dog')];
    expectSamePictures({ truncated }, { truncated: reference.truncated });
    await page.locator('#dog').evaluate((element) => {
      element.removeAttribute('psi');
      element.setAttribute('seed', '(anna*ben)3');
    });
    await page.getByRole('img', { name: 'A generated dog, anna × ben 3' }).waitFor();
    await page.locator('#dog[data-state=shown]').waitFor();
    await expect.poll(async () => pixelsOf(page, '#dog')).not.toEqual(truncated);
    expectSamePictures({ puppy: await pixelsOf(page, '#dog') }, { puppy: reference.puppy });
    await page.close();
  });

  test('keep their placeholder and say why, if there is no model', async () => {
    const { page } = await open(`${site.address}/empty`);
    await page.evaluate(`import('/client/elements.js')`);
    const message = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.body.innerHTML = '<latent-dog seed="luna" model="/models/nothing/"><b>no dog</b></latent-dog>';
          const dog = document.querySelector('latent-dog')!;
          dog.addEventListener('error', (event) => resolve((event as ErrorEvent).message));
        }),
    );
    expect(message).toContain('/models/nothing/model.json: 404');
    expect(await page.getByText('no dog').isVisible()).toBe(true);
    await page.close();
  });

  test('a morph plays, but not for visitors who want less motion', async () => {
    const html = `<latent-morph paused from="anna" to="ben" loop model="/models/dogs-64/"></latent-morph>`;
    const pages = { '/': `<!doctype html><script type="module" src="/client/elements.js"></script>${html}` };
    const morphs = await serveSite({ folders, pages });
    /** Starts the morph; the number of different pictures until there are `enough`, or it has begun and 20 frames passed. */
    const drawn = async (reducedMotion: 'reduce' | 'no-preference', enough: number) => {
      const { page } = await open(morphs.address, { reducedMotion });
      await page.locator('latent-morph[data-state=shown]').waitFor();
      const count = await page.evaluate(async (enough) => {
        const morph = document.querySelector('latent-morph')!;
        const canvas = morph.shadowRoot!.querySelector('canvas')!;
        const seen = new Set<string>();
        const begun = new Promise((resolve) => morph.addEventListener('load', resolve, { once: true }));
        morph.removeAttribute('paused');
        await begun;
        for (let frames = 0; enough === 1 ? frames < 20 : seen.size < enough; frames++) {
          await new Promise(requestAnimationFrame);
          seen.add(canvas.toDataURL());
        }
        return seen.size;
      }, enough);
      await page.close();
      return count;
    };
    expect(await drawn('reduce', 1)).toBe(1);
    expect(await drawn('no-preference', 5)).toBe(5);
    await morphs.close();
  });

  test('do not make a picture again when they come back into view', async () => {
    const { page } = await open(site.address);
    const dog = page.locator('latent-dog[seed=luna]');
    await page.locator('latent-dog[seed=luna][data-state=shown]').waitFor();
    await dog.evaluate((element) => {
      element.addEventListener('load', () => element.setAttribute('title', 'again'));
    });
    await page.locator('#below').scrollIntoViewIfNeeded();
    await page.locator('#below[data-state=shown]').waitFor();
    await dog.scrollIntoViewIfNeeded();
    // A later picture than one of that dog would be.
    await page.locator('#below').evaluate((element) => element.setAttribute('seed', 'bo'));
    await page.locator('#below').scrollIntoViewIfNeeded();
    await page.locator('#below[seed=bo][data-state=shown]').waitFor();
    expect(await dog.getAttribute('title')).toBe(null);
    await page.close();
  });
});
