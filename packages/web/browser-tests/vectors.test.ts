import { TEST_VECTORS } from '@latent-dogs/latent/test-vectors';
import { expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';

const gallery = withGallery(inject('vectors'));

test('this browser gives the same z for a seed as every other runtime, bit for bit', async () => {
  const page = await gallery.browser.newPage();
  // Any page of that origin will do; this one says "Not found".
  await page.goto(gallery.address);
  const check = `import('${gallery.address}test-vectors.js').then((vectors) => [
    vectors.checkTestVectors(),
    vectors.TEST_VECTORS.length,
  ])`;
  const [differences, count] = (await page.evaluate(check)) as [string[], number];
  expect(differences).toEqual([]);
  expect(count).toBe(TEST_VECTORS.length);
});
