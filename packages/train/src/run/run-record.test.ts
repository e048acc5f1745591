import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetConfig } from '@latent-dogs/dcgan';
import { expect, onTestFinished, test } from 'vitest';
import { readRunRecord, writeRunRecord } from './run-record.ts';

test('a config.json that an editor saved with a byte order mark is read as before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeRunRecord(folder, {
    format: 1,
    created: '2026-03-01T10:00:00.000Z',
    config: presetConfig('dogs', 'photos'),
    dataset: { name: 'photos', count: 64, fingerprint: 'f'.repeat(64) },
    versions: {},
  });
  const before = await readRunRecord(folder);
  const file = join(folder, 'config.json');
  await writeFile(file, `\uFEFF${await readFile(file, 'utf8')}`);
  expect(await readRunRecord(folder)).toEqual(before);
});
