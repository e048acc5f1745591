import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const never = new AbortController().signal;

/** Names of steps in the order in which they run; the first step blocks the queue until `open` is called. */
function recorder(queue: FairQueue) {
  const order: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const blocked = queue.job('gatekeeper', never)(() => gate);
  const step = (name: string) => async () => void order.push(name);
  return { order, open, blocked, step };
}

test('a short job runs before the remaining steps of long ones', async () => {
  const queue = new FairQueue(1);
  const { order, open, step } = recorder(queue);
  const long = queue.job('same', never);
  const steps = Array.from({ length: 6 }, (_, index) => long(step(`long ${index}`)));
  const short = queue.job('same', never);
  steps.push(short(step('short 0')));
  open();
  await Promise.all(steps);
  expect(order.indexOf('short 0')).toBeLessThanOrEqual(1);
});

test('clients take turns, however many jobs one has', async () => {
  const queue = new FairQueue(1);
  const { order, open, step } = recorder(queue);
  const steps = Array.from({ length: 20 }, (_, index) => queue.job('greedy', never)(step(`greedy ${index}`)));
  for (const name of ['modest 0', 'modest 1', 'modest 2']) steps.push(queue.job('modest', never)(step(name)));
  open();
  await Promise.all(steps);
  const places = order.flatMap((name, place) => (name.startsWith('modest') ? [place] : []));
  expect(places).toEqual([1, 3, 5]);
});

test('a long job makes progress while short ones keep coming', async () => {
  const queue = new FairQueue(1);
  const { order, open, step } = recorder(queue);
  const long = queue.job('same', never);
  const longSteps = (async () => {
    for (let index = 0; index < 5; index++) await long(step('long'));
  })();
  let running = true;
  const crowd = Array.from({ length: 8 }, async () => {
    while (running) await queue.job('same', never)(step('short'));
  });
  open();
  await longSteps;
  running = false;
  await Promise.all(crowd);
  expect(order.filter((name) => name === 'long')).toHaveLength(5);
  // A quarter of the turns goes to what has waited the longest; 9 jobs wait.
  expect(order.lastIndexOf('long')).toBeLessThan(5 * 4 * 9);
});

test('never more steps at once than slots', async () => {
  const queue = new FairQueue(3);
  let running = 0;
  let most = 0;
  const job = queue.job('a', never);
  await Promise.all(
    Array.from({ length: 20 }, () =>
      job(async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
      }),
    ),
  );
  expect(most).toBe(3);
});

test('the event loop runs between steps', async () => {
  const queue = new FairQueue(1);
  let immediates = 0;
  const seen: number[] = [];
  const tick = () => {
    immediates++;
    if (seen.length < 5) setImmediate(tick);
  };
  setImmediate(tick);
  const job = queue.job('a', never);
  await Promise.all(Array.from({ length: 5 }, () => job(async () => void seen.push(immediates))));
  expect(new Set(seen).size).toBe(5);
});

test('an aborted job runs no further step, and the others go on', async () => {
  const queue = new FairQueue(1);
  const { order, open, blocked, step } = recorder(queue);
  const leaving = new AbortController();
  const job = queue.job('a', leaving.signal);
  const left = [job(step('left 0')), job(step('left 1'))];
  const stays = queue.job('a', never)(step('stays'));
  leaving.abort(new Error('gone'));
  for (const promise of left) await expect(promise).rejects.toThrow('gone');
  await expect(job(step('late'))).rejects.toThrow('gone');
  open();
  await Promise.all([blocked, stays]);
  expect(order).toEqual(['stays']);
});

test('a failing step gives up its slot', async () => {
  const queue = new FairQueue(1);
  const job = queue.job('a', never);
  await expect(job(() => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  expect(await job(async () => 1)).toBe(1);
});
