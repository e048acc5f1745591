import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { maxResidentMegabytes } from './max-resident.fixture.ts';
import { SortedListing } from './sorted-listing.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'listing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function paths(listing: SortedListing<{ path: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { path } of listing.inOrder()) all.push(path);
  return all;
}

test.each([0, 1, 9, 10, 11, 95])('sorts %i items through runs of 10', async (count) => {
  const names = Array.from({ length: count }, (_, i) => `dog ${(i * 37) % 97}\n"ä"/${i}.jpg`);
  const listing = new SortedListing<{ path: string }>(join(folder, 'spill-'), 10);
  for (const path of names) await listing.add({ path });
  expect(listing.count).toBe(count);
  expect(readdirSync(folder)).toHaveLength(Math.floor(count / 10));
  expect(await paths(listing)).toEqual(names.toSorted());
  expect(await paths(listing), 'a second time').toEqual(names.toSorted());
  await listing.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('keeps what else an item holds', async () => {
  const listing = new SortedListing<{ path: string; bytes: number }>(join(folder, 'spill-'), 1);
  await listing.add({ path: 'b', bytes: 2 });
  await listing.add({ path: 'a', bytes: 1.5 });
  const items = [];
  for await (const item of listing.inOrder()) items.push(item);
  expect(items).toEqual([
    { path: 'a', bytes: 1.5 },
    { path: 'b', bytes: 2 },
  ]);
  await listing.close();
  expect(existsSync(join(folder, 'spill-0'))).toBe(false);
});

test('eight times as many files take no more memory', { tags: 'slow' }, async () => {
  const list = (count: number) =>
    maxResidentMegabytes(`
      import { SortedListing } from '${import.meta.dirname}/sorted-listing.ts';
      const listing = new SortedListing('${join(folder, 'spill-')}', 10_000);
      for (let i = 0; i < ${count}; i++) {
        const path = 'photos of dogs/' + ((i * 7919) % ${count}) + '.jpg';
        await listing.add({ path, bytes: i, changed: [i + 0.5, i + 0.25] });
      }
      let last = '';
      for await (const { path } of listing.inOrder()) {
        if (path <= last) throw new Error('out of order');
        last = path;
      }
      await listing.close();
    `);
  // Held in memory, 350,000 items more take over 60 MB.
  expect((await list(400_000)) - (await list(50_000))).toBeLessThan(30);
});
