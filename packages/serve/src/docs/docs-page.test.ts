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

test('each form asks for something that is answered', async () => {
  const forms = [...page.matchAll(/<form action="([^"]+)"[\s\S]*?<\/form>/g)];
  expect(forms.map(([, path]) => path)).toEqual([
    '/generate',
    '/generate.json',
    '/generate.zip',
    '/interpolate',
    '/interpolate.json',
    '/mix',
    '/mix.json',
    '/grid',
    '/grid.json',
  ]);
  for (const [form, path] of forms) {
    const inputs = [...form.matchAll(/<input[^>]* name="([^"]+)" value="([^"]*)"/g)];
    const choices = [...form.matchAll(/<select name="([^"]+)">[\s\S]*?<option selected\s*>([^<]+)/g)];
    expect(inputs.length).toBeGreaterThan(1);
    const query = new URLSearchParams([...inputs, ...choices].map(([, name, value]) => [name!, value!]));
    expect((await get(`${path}?${query}`)).status, `${path}?${query}`).toBe(200);
  }
});

test('examples to copy name this server, by https behind a proxy that says so', async () => {
  const examples = [...page.matchAll(/curl -o dog.png '([^']+)'/g)].map(([, url]) => url!.replaceAll('&amp;', '&'));
  expect(examples.length).toBe(4);
  for (const url of examples) expect((await get(url)).status).toBe(200);
  expect(page).toContain("fetch('http://localhost/generate?seed=luna')");
  const secure = await tinyServer({ schemeOf: () => 'https' });
  const answer = await secure.get('http://dogs.example/docs');
  expect(await answer.text()).toContain("curl -o dog.png 'https://dogs.example/generate?seed=luna'");
});
