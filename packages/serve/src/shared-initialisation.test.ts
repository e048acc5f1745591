import { expect, test } from 'vitest';
import { sharedInitialisation } from './shared-initialisation.ts';

test('concurrent and later callers share one run', async () => {
  let runs = 0;
  const open = sharedInitialisation(async () => {
    await Promise.resolve();
    return ++runs;
  });
  expect(await Promise.all([open(), open(), open()])).toEqual([1, 1, 1]);
  expect(await open()).toBe(1);
});

test('a failure rejects all waiting callers, and the next call tries again', async () => {
  let runs = 0;
  const open = sharedInitialisation(async () => {
    await Promise.resolve();
    if (++runs === 1) throw new Error('no memory');
    return runs;
  });
  const first = await Promise.allSettled([open(), open()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(runs).toBe(1);
  expect(await open()).toBe(2);
});
