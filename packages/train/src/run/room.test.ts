import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { Room } from './room.ts';

const full = () => Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', path: '/disk/file' });

/** A room whose pauses end at once, and what it said. */
function room(stopAfter = Number.POSITIVE_INFINITY) {
  const said: string[] = [];
  let pauses = 0;
  const it = new Room({
    folder: tmpdir(),
    say: (message) => said.push(message),
    shouldStop: () => pauses >= stopAfter,
    pause: async () => pauses++,
  });
  return { it, said, pauses: () => pauses };
}

/** Fails so many times. */
function failing(times: number, error: Error = full()) {
  let calls = 0;
  return async () => {
    if (calls++ < times) throw error;
    return calls;
  };
}

test('writing is tried again until it works, which is said once each', async () => {
  const { it, said, pauses } = room();
  expect(await it.for(failing(3))).toBe(4);
  expect(said).toEqual([
    '/disk/file: the disk is full: free some space. Training waits, and goes on by itself once there is room (Ctrl-C stops it).',
    'There is room on the disk again: training goes on.',
  ]);
  expect(pauses()).toBeGreaterThanOrEqual(3);
});

test('nothing is said if there is room', async () => {
  const { it, said } = room();
  expect(await it.for(failing(0))).toBe(1);
  expect(said).toEqual([]);
});

test('an interrupt ends the wait with a sentence', async () => {
  const { it } = room(2);
  await expect(it.for(failing(1_000))).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('/disk/file: the disk is full'),
  });
});

test('other errors are thrown at once', async () => {
  const { it, said } = room();
  const error = Object.assign(new Error('EROFS'), { code: 'EROFS', syscall: 'open' });
  await expect(it.for(failing(1, error))).rejects.toBe(error);
  expect(said).toEqual([]);
});
