import { UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { replaceSection } from './section.ts';

const NAMES = ['train', 'serve', 'web'];
const write = (page: string, name: string, text: string) => replaceSection(page, name, text, NAMES);

test('adds a section below the text of the page', () => {
  expect(write('# Benchmarks\n\nHow to read it.\n', 'serve', '## Serve\n')).toBe(
    '# Benchmarks\n\nHow to read it.\n\n<!-- pnpm bench serve -->\n## Serve\n<!-- end of pnpm bench serve -->\n',
  );
});

test('is idempotent, with all sections and in any order of writing', () => {
  let page = '# Benchmarks\n';
  for (const name of ['web', 'train', 'serve']) page = write(page, name, `## ${name}\n`);
  expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(NAMES);
  for (const name of NAMES) expect(write(page, name, `## ${name}`)).toBe(page);
});

test('replaces one section and keeps all others, byte for byte', () => {
  let page = '# Benchmarks\n';
  for (const name of NAMES) page = write(page, name, `## ${name}\n\nold ${name}  \n\tkept`);
  const changed = write(page, 'serve', '## serve\n\nnew, with $& and $1');
  expect(changed).toContain('new, with $& and $1');
  expect(changed.replace('new, with $& and $1', () => 'old serve  \n\tkept')).toBe(page);
});

test('refuses a page whose markers were damaged, and leaves the decision to the user', () => {
  const page = write('# Benchmarks\n', 'train', 'text');
  expect(() => write(page.replace('<!-- pnpm bench train -->', ''), 'train', 'new')).toThrow(UserError);
  expect(() => write(page.replace('<!-- end of pnpm bench train -->', ''), 'train', 'new')).toThrow(UserError);
  expect(() => write(page + page, 'train', 'new')).toThrow(/each stand there once/);
});
