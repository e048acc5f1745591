import { expect, test } from 'vitest';
import { createPictureCache } from './picture-cache.ts';

/** Stores a body and waits until it can be found. */
async function store(cache: ReturnType<typeof createPictureCache>, url: string, length: number): Promise<void> {
  cache.put(url, new Response(url.repeat(length), { headers: { 'Content-Type': 'image/png' } }));
  await new Promise(setImmediate);
}
const found = async (cache: ReturnType<typeof createPictureCache>, url: string) => (await cache.match(url))?.text();

test('a stored answer is found again and again', async () => {
  const cache = createPictureCache(100);
  await store(cache, 'a', 10);
  for (let time = 0; time < 2; time++) {
    const answer = (await cache.match('a'))!;
    expect(answer.headers.get('Content-Type')).toBe('image/png');
    expect(await answer.text()).toBe('a'.repeat(10));
  }
  expect(await cache.match('b')).toBeUndefined();
});

test('the answer unused for the longest makes room; the bytes of replaced and removed ones are free', async () => {
  const cache = createPictureCache(100);
  for (let time = 0; time < 5; time++) await store(cache, 'a', 40);
  await store(cache, 'b', 40);
  await found(cache, 'a');
  await store(cache, 'c', 40);
  expect(await found(cache, 'b')).toBeUndefined();
  expect(await found(cache, 'a')).toHaveLength(40);
  expect(await found(cache, 'c')).toHaveLength(40);
});

test('an answer larger than the cache is not kept, and does no harm', async () => {
  const cache = createPictureCache(100);
  await store(cache, 'x', 101);
  expect(await found(cache, 'x')).toBeUndefined();
  await store(cache, 'a', 100);
  expect(await found(cache, 'a')).toHaveLength(100);
});
