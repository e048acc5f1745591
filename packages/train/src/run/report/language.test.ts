import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const code = await readFile(join(import.meta.dirname, 'language.js'), 'utf8');

test.each([
  ['en-US@posix', 'en-US'],
  ['', 'en-US'],
  ['ko-KR', 'ko-KR'],
])('browser language %j: numbers are formatted in %s', (said, used) => {
  const navigator = Object.create({ language: said });
  // uPlot's first statement.
  const locale = runInNewContext(`${code}; new Intl.NumberFormat(navigator.language).resolvedOptions().locale`, {
    navigator,
  });
  expect(locale).toBe(used);
});
