import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetConfig } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { expect, onTestFinished, test } from 'vitest';
import { createSearch, readSearch, type SearchRecord } from './search-folder.ts';

const record: SearchRecord = {
  format: 1,
  created: '2026-01-02T03:04:05.000Z',
  config: presetConfig('dogs', 'photos'),
  dataset: { name: 'photos', count: 12, fingerprint: 'f00d' },
  ratesG: [1e-4],
  ratesD: [1e-3],
  steps: 60,
};

async function search(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'search-folder-'));
  onTestFinished(() => rm(out, { recursive: true }));
  return createSearch(out, record);
}

test('a record is read back', async () => {
  expect(await readSearch(await search())).toEqual(record);
});

test.each<[string, (text: string) => string, RegExp]>([
  [
    'an illegal setting',
    (text) => text.replace(/"batch": \d+/, '"batch": 0'),
    /^--resume: .*find-lr\.json: config\.batch: 0 is not legal; legal: a whole number from 2 to 1024; start a new search/,
  ],
  [
    'a missing field',
    (text) => text.replace('"steps"', '"stairs"'),
    /^--resume: .*find-lr\.json: steps: .*; start a new/,
  ],
  ['no JSON', () => '{"format":', /^--resume: .*find-lr\.json: .*JSON/],
])('%s is an error of one line that names it', async (_, damage, message) => {
  const folder = await search();
  const file = join(folder, 'find-lr.json');
  await writeFile(file, damage(await readFile(file, 'utf8')));
  const error = await readSearch(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(message);
  expect((error as UserError).message).not.toContain('\n');
});
