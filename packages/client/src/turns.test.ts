import { expect, test } from 'vitest';
import { SideBySide, Turns } from './turns.ts';

test('runs begin in order, each after the one before, also after a failure', async () => {
  const turns = new Turns();
  const events: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      events.push(`${name} begins`);
      await null;
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = [turns.take(work('a', true)), turns.take(work('b'))];
  expect(await Promise.allSettled(results)).toMatchObject([{ status: 'rejected' }, { value: 'b' }]);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('an aborted run rejects at once; it does not begin, or the next one waits until it has ended', async () => {
  const turns = new Turns();
  const began: string[] = [];
  let finish = () => {};
  const running = new AbortController();
  const waiting = new AbortController();
  const first = turns.take(() => {
    began.push('first');
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  }, running.signal);
  const second = turns.take(async () => began.push('second'), waiting.signal);
  const third = turns.take(async () => began.push('third'));
  await null;
  waiting.abort('no longer needed');
  running.abort('too slow');
  await expect(second).rejects.toBe('no longer needed');
  await expect(first).rejects.toBe('too slow');
  expect(began).toEqual(['first']);
  finish();
  await third;
  expect(began).toEqual(['first', 'third']);
});

test('side by side all runs begin at once, and an aborted one is still waited for', async () => {
  const runs = new SideBySide();
  const finish: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => finish.push(resolve));
  const stop = new AbortController();
  const aborted = runs.take(work, stop.signal);
  const other = runs.take(work, new AbortController().signal);
  expect(finish.length).toBe(2);
  stop.abort('enough');
  await expect(aborted).rejects.toBe('enough');
  let isIdle = false;
  const idle = runs.idle().then(() => {
    isIdle = true;
  });
  finish[1]!();
  await other;
  expect(isIdle).toBe(false);
  finish[0]!();
  await idle;
});
