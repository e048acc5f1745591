import { expect, test } from 'vitest';
import { PROBLEMS } from '../http/problem.ts';
import { tinyServer } from '../testing/tiny-server.ts';

const { get } = await tinyServer();
const response = await get('/docs');
const page = await response.text();

test('is HTML without external resources and scripts', () => {
  expect(response.headers.get('Content-Type')).toMatch(/^text\/html/);
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page).not.toContain('<script');
});

test('every link works', async () => {
  const links = [...page.matchAll(/(?:src|href)="((?!data:)[^"]+)"/g)].map(([, link]) =>
    link!.replaceAll('&amp;', '&'),
  );
  expect(links.length).toBeGreaterThan(8);
  for (const link of links) expect((await get(link)).status, link).toBeLessThan(400);
});

test('explains every kind of problem at the anchor its documents link to', () => {
  for (const kind of Object.keys(PROBLEMS)) expect(page).toContain(`id="${kind}"`);
});
