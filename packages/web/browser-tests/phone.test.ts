import { slerp } from '@latent-dogs/latent';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { withGallery } from './support/gallery.ts';
import { differenceFrom, goldenPixels, zOf } from './support/golden.ts';
import { drag, middleOf, phone, touch } from './support/touch.ts';
import { nameField, settled, tile, visit } from './support/visit.ts';

const gallery = withGallery();
const moving = { reducedMotion: 'no-preference' } as const;

const pause = (page: Page) => page.getByRole('button', { name: 'Pause' });
const picture = (page: Page) => page.locator('.stage .picture canvas');

/** Whether all of an element is in the window and nothing lies on its middle. */
const inSight = (page: Page, selector: string) =>
  page.evaluate((wanted) => {
    const element = document.querySelector(wanted)!;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const within = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    const onTop = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return within && element.contains(onTop);
  }, selector);

/** Scrolls so far that the first rows are gone, and waits for a dog that is not the first of its row. */
async function scrolledTile(page: Page) {
  await tile(page, '1');
  await page.evaluate(() => scrollTo({ top: 1500, behavior: 'instant' }));
  const label = await page
    .waitForFunction(() => {
      const cell = document.elementFromPoint(innerWidth * 0.75, innerHeight * 0.7)?.closest('.tile');
      return cell?.querySelector('.dog.painted') ? cell.querySelector('.number')!.textContent : null;
    })
    .then((handle) => handle.jsonValue());
  return tile(page, label!);
}

/**
 * Elements of a part of the page that a finger could miss: within 22 pixels of the middle, up, down, left or right, is something else. One
 * pixel is left for rounding.
 */
const smallTargets = (page: Page, part = 'body') =>
  page.evaluate((selector) => {
    const reach = 21;
    const isOwn = (element: Element, x: number, y: number) => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && (element.contains(hit) || element.closest('label')?.contains(hit) === true);
    };
    return [...document.querySelector(selector)!.querySelectorAll('a, button, summary, select, input')].flatMap(
      (element) => {
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        // A label takes the touches of its field.
        const { left, top, width, height } = (element.closest('label') ?? element).getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const inWindow = x > 0 && x < innerWidth && y > reach && y < innerHeight - reach;
        if (!inWindow || !element.checkVisibility() || !isOwn(element, x, y)) return [];
        // Not the corners of the square, which are outside of round buttons.
        const edges = [-reach, reach].flatMap((d) => [[x + d, y] as const, [x, y + d] as const]);
        const missed = edges.some(([at, down]) => !isOwn(element, at, down));
        return missed ? [`${element.getAttribute('aria-label') ?? element.textContent} ${width} x ${height}`] : [];
      },
    );
  }, part);

describe.each([
  [320, 640],
  [360, 740],
  [390, 844],
])('on a phone of %i x %i pixels', (width, height) => {
  test('two names are a morph that plays, and one press more is a link that opens playing', async () => {
    const { page, problems } = await gallery.open('', {
      ...phone(width, height),
      ...moving,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const nameDog = async (which: 'first' | 'second', name: string) => {
      await touch(page, nameField(page, which));
      await page.keyboard.type(name);
    };
    await nameDog('first', 'Anna');
    await nameDog('second', 'Ben');
    await page.getByRole('heading', { name: 'Anna → Ben' }).waitFor();
    await pause(page).waitFor();
    expect(await inSight(page, '.picture')).toBe(true);
    await touch(page, page.getByRole('button', { name: 'Copy link' }));
    await page.getByText('Link copied. It opens playing, with these dogs.').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/#dogs=Anna,Ben&model=newer-64~[0-9a-f]{8}$/);
    expect(await page.title()).toBe('Anna → Ben · Latent Dogs');

    const friend = await visit(gallery.browser, link, moving);
    await pause(friend.page).waitFor();
    await friend.page.getByRole('heading', { name: 'Anna → Ben' }).waitFor();
    expect(problems).toEqual([]);
  });

  test('a dog that is picked stays under the finger, and what becomes of it is in sight', async () => {
    const { page } = await gallery.open('', { ...phone(width, height), ...moving });
    const first = await scrolledTile(page);
    const before = await middleOf(first);
    await touch(page, first);
    await expect.poll(() => first.getAttribute('aria-pressed')).toBe('true');
    expect(await middleOf(first)).toEqual(before);
    const next = first.locator('xpath=ancestor::div[@role="row"]').locator('.tile').first();
    const place = await middleOf(next);
    await touch(page, next);
    await pause(page).waitFor();
    expect(await middleOf(next)).toEqual(place);
    for (const shown of ['.picture', '.play', '.actions .action:nth-child(2)']) {
      expect(await inSight(page, shown), shown).toBe(true);
    }
  });

  test('the address has both dogs while they play; a reload keeps them and the place, Back puts one back', async () => {
    const { page } = await gallery.open('', { ...phone(width, height), ...moving });
    const first = await scrolledTile(page);
    const label = await first.locator('.number').textContent();
    await touch(page, first);
    await expect.poll(() => page.url()).toContain(`#dogs=${label}&`);
    const next = first.locator('xpath=ancestor::div[@role="row"]').locator('.tile').first();
    const other = await next.locator('.number').textContent();
    await touch(page, next);
    await expect.poll(() => page.url()).toContain(`#dogs=${label},${other}&`);
    await pause(page).waitFor();
    const top = await page.evaluate(() => scrollY);
    await page.reload();
    await pause(page).waitFor();
    await page.getByRole('heading', { name: `${label} → ${other}` }).waitFor();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(top);
    await page.goBack();
    await page.getByRole('heading', { name: label!, exact: true }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(top);
  });

  test('everything that is touched is at least 44 pixels wide and high', async () => {
    const { page } = await gallery.open('#dogs=1,2,3&at=0.5', phone(width, height));
    await settled(page);
    await tile(page, '1');
    expect(await smallTargets(page)).toEqual([]);
    for (const step of ['Puppies', 'More dogs', 'Mix', 'Dials']) {
      await touch(page, page.getByRole('button', { name: step, exact: true }));
      await page.locator('.step-panel :is(.litter, .add-dog, .pad, .dials)').waitFor();
      expect(await smallTargets(page, '.card'), step).toEqual([]);
    }
    await touch(page, page.getByRole('button', { name: 'Dials', exact: true }));
    await page.locator('summary', { hasText: 'Save' }).tap();
    expect(await smallTargets(page, '.menu-items'), 'Save').toEqual([]);
    await page.goto(`${gallery.address}#studio`);
    await page.locator('.drop-zone').waitFor();
    expect(await smallTargets(page), 'Studio').toEqual([]);
  });

  test('hearts can be seen, and keep the dog that they are on', async () => {
    const { page } = await gallery.open('', phone(width, height));
    const dog = await tile(page, '2');
    const heart = page.getByRole('button', { name: 'Dog 2: Keep as a favourite' });
    expect(await heart.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
    await touch(page, heart);
    await page.getByRole('button', { name: 'Dog 2: Remove from favourites' }).waitFor();
    expect(await dog.getAttribute('aria-pressed')).toBe('false');
  });

  test('dials are turned beside the picture that they change', async () => {
    const { page } = await gallery.open('#dogs=5', phone(width, height));
    await settled(page);
    await page.evaluate(() => scrollTo({ top: 1200, behavior: 'instant' }));
    await touch(page, page.getByRole('button', { name: 'Dials' }));
    const dial = page.getByRole('slider', { name: 'coat: light' });
    await dial.waitFor();
    const { x, y, width: length } = (await dial.boundingBox())!;
    const middle = y + 16;
    await drag(page, { x: x + length / 2, y: middle }, { x: x + length - 4, y: middle });
    await expect.poll(() => page.url()).toMatch(/dials=0,[\d.]+/);
    expect(await inSight(page, '.picture')).toBe(true);
  });

  test('the handle of the pad follows the finger', async () => {
    const { page } = await gallery.open('#dogs=1,2,3,4&mix=0.5,0.5', phone(width, height));
    const pad = page.getByRole('slider', { name: /^Mixing pad/ });
    await pad.waitFor();
    const box = (await pad.boundingBox())!;
    const centre = await middleOf(pad);
    await drag(page, centre, { x: box.x + box.width + 20, y: centre.y });
    await expect.poll(() => pad.getAttribute('aria-valuetext')).toMatch(/^100 % to the right/);
    await settled(page);
    const golden = await goldenPixels(inject('models'), 'newer-64', slerp(zOf('2', 100), zOf('4', 100), 0.5));
    expect(await differenceFrom(picture(page), golden)).toBeLessThanOrEqual(2);
  });
});

test.each(['en-GB', 'ko-KR'])('nothing is wider than 320 pixels while names are typed, in %s', async (locale) => {
  const { page } = await gallery.open('', { ...phone(320, 640), locale });
  await page.locator('.grid .dog.painted').first().waitFor();
  const widest = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await widest()).toBe(320);
  await page.locator('.parent input').first().fill('Maximiliane-Wilhelmina von Hohenlohe');
  await page.locator('.parent input').last().fill('강아지 이름이 아주 깁니다');
  await settled(page);
  expect(await widest()).toBe(320);
});
