import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { settled } from './support/visit.ts';

const gallery = withGallery();
const CHANGED = 'The model “newer-64” has been trained anew since this link was made';

/** The first digits of the model's SHA-256, as links hold them. */
async function digits(): Promise<string> {
  const { generator } = JSON.parse(await readFile(join(inject('models'), 'newer-64/model.json'), 'utf8'));
  return generator.sha256.slice(0, 8);
}

test('a link made with another version of the model says so once; the next link names the new one', async () => {
  const { page } = await gallery.open('#dogs=4&model=newer-64~0123abcd');
  await page.locator('.notice', { hasText: CHANGED }).waitFor();
  await settled(page);
  await expect.poll(() => new URL(page.url()).hash).toBe(`#dogs=4&model=newer-64~${await digits()}`);
});

test('links with the digest of this model, or without one, open as they are', async () => {
  for (const model of ['newer-64', `newer-64~${await digits()}`]) {
    const { page } = await gallery.open(`#dogs=4&model=${model}`);
    await settled(page);
    expect(await page.locator('.notice').textContent(), model).toBe('');
  }
});

test('a link to a model that was renamed since is found by its digest', async () => {
  const { page } = await gallery.open(`#dogs=4&model=older-32~${await digits()}`);
  await settled(page);
  await expect.poll(() => new URL(page.url()).hash).toBe(`#dogs=4&model=newer-64~${await digits()}`);
});

test('where the server has previews of links, the copied link has one', async () => {
  const { page } = await gallery.open('icon.svg', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.route('**/models/index.json', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'link-previews': '/s/' } });
  });
  await page.goto(`${gallery.address}#dogs=Anna%2C%20B,4&at=0.25`);
  await settled(page);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(`${gallery.address}s/Anna%2C%20B,4?at=0.25&model=newer-64~${await digits()}`);
  // The page itself stays where it is.
  expect(page.url()).toBe(`${gallery.address}#dogs=Anna%2C%20B,4&at=0.25&model=newer-64~${await digits()}`);
});
