import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { drawnPhotos, phaseIs, photosRead, seenBy, setAdvanced } from './support/studio.ts';
import { settled } from './support/visit.ts';

const gallery = withGallery();

/** What has the focus: its element and its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { tagName, textContent, ariaLabel } = document.activeElement as HTMLElement;
    return `${tagName} ${/BODY|MAIN|SECTION|INPUT/.test(tagName) ? '' : (ariaLabel ?? textContent)}`.trim();
  });

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
const openStep = async (page: Page, name: string) => {
  await press(page, name);
  await page.locator('.step-panel .close').waitFor();
};
const openMenu = (page: Page) => page.locator('.menu summary').press('Enter');

test.each<[string, string, (page: Page) => Promise<unknown>, string, string]>([
  ['a panel', '#dogs=luna,2', (page) => openStep(page, 'Dials'), 'Close', 'BUTTON Dials'],
  ['the names', '#dogs=luna,2', settled, 'See their puppy', 'BUTTON See their puppy'],
  ['a name that is missing', '#dogs=luna', settled, 'See their puppy', 'INPUT'],
  ['the menu', '#dogs=luna,2&at=0.4', openMenu, 'Picture (PNG)', 'SUMMARY Save this dog'],
  ['the menu while a film is made', '#dogs=luna,2&at=0.4', openMenu, 'Film', 'BUTTON Cancel'],
  ['another part of the page', '#page=how', async () => {}, 'Back to the gallery', 'MAIN'],
])('the focus stays near what had it: %s', async (_, fragment, prepare, button, expected) => {
  const { page } = await gallery.open(fragment);
  await page.locator('main').waitFor();
  await prepare(page);
  await press(page, button);
  await expect.poll(() => focused(page)).toBe(expected);
});

test('whoever presses beside everything has the focus nowhere, and it does not come back by itself', async () => {
  const { page } = await gallery.open('#dogs=luna,2');
  await openStep(page, 'Dials');
  await page.locator('.step-panel .close').focus();
  await page.locator('.explained').click();
  await page.evaluate(() => document.querySelector<HTMLElement>('[data-step=dials]')!.click());
  await page.locator('.step-panel').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('BODY');
});

test('the focus stays near what had it all through the Studio', { timeout: 120_000 }, async () => {
  const { page } = await gallery.open('#studio');
  page.on('dialog', (dialog) => dialog.accept());
  const after = async (button: string, expected: string) => {
    await press(page, button);
    await expect.poll(() => focused(page), { message: button }).toBe(expected);
  };
  await page.locator('.photo-files').setInputFiles(await drawnPhotos(40));
  await photosRead(page, 40);
  await page.locator('.photo').first().press('Enter');
  await page.locator('.square-dialog img').waitFor();
  await press(page, 'Remove this photo');
  await expect.poll(() => focused(page)).toMatch(/^BUTTON Adjust photo-1\.png/);
  await setAdvanced(page, { channels: '8', batch: '8' });
  await after('Start', 'SECTION');
  await expect.poll(() => seenBy(page)).toBeGreaterThan(0);
  await after('Pause', 'BUTTON Go on');
  await phaseIs(page, 'paused');
  await after('Finish', 'INPUT');
  await after('Cancel', 'BUTTON Go on');
  await press(page, 'Finish');
  await after('Make the model', 'SECTION');
  await page.locator('.saved-model').waitFor();
  await after('Delete this training', 'BUTTON Choose photos');
  await after('Delete all photos', 'INPUT');
  await after('See it in the gallery', 'MAIN');
});
