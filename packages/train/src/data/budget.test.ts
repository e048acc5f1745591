import { expect, test } from 'vitest';
import { Budget } from './budget.ts';

test('tasks start in order, as far as the budget goes, and one that exceeds it runs alone', async () => {
  const budget = new Budget(10);
  const running = new Set<string>();
  const seen: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, amount: number) =>
    budget.hold(amount, async () => {
      running.add(name);
      seen.push([...running].sort().join(''));
      await new Promise<void>((end) => ends.set(name, end));
      running.delete(name);
    });
  const end = async (name: string, task: Promise<void>) => {
    ends.get(name)!();
    await task;
    await Promise.resolve();
  };
  const [a, b, c, d, e] = [start('a', 6), start('b', 6), start('c', 1), start('d', 99), start('e', 0)];
  await Promise.resolve();
  expect(seen).toEqual(['a']);
  await end('a', a);
  await Promise.resolve();
  expect(seen).toEqual(['a', 'b', 'bc']);
  await end('b', b);
  await end('c', c);
  await Promise.resolve();
  expect(seen.slice(3)).toEqual(['d', 'de']);
  await end('d', d);
  await end('e', e);
});

test('a task that fails gives back what it held', async () => {
  const budget = new Budget(1);
  await expect(budget.hold(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await budget.hold(1, async () => 'yes')).toBe('yes');
});
