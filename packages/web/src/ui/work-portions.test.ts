import { expect, test } from 'vitest';
import { createPortions } from './work-portions.ts';

/** A clock that only work moves on, and tasks that run when the test says so. */
function page() {
  let time = 0;
  const tasks: (() => void)[] = [];
  const done: string[] = [];
  const { soon } = createPortions(
    (run) => void tasks.push(run),
    () => time,
  );
  return {
    done,
    tasks,
    work: (name: string, milliseconds: number) =>
      soon(() => {
        time += milliseconds;
        done.push(name);
      }),
    task: () => tasks.shift()!(),
  };
}

test('little work is done at once', () => {
  const { work, done } = page();
  work('a', 3);
  work('b', 3);
  expect(done).toEqual(['a', 'b']);
});

test('what does not fit into a task waits for the next ones, in its order', () => {
  const { work, done, task, tasks } = page();
  for (const name of ['a', 'b', 'c', 'd', 'e']) work(name, 5);
  expect(done).toEqual(['a', 'b']);
  task();
  expect(done).toEqual(['a', 'b', 'c', 'd']);
  // Does not overtake the one that waits.
  work('f', 1);
  expect(done).toEqual(['a', 'b', 'c', 'd']);
  task();
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  while (tasks.length > 0) task();
  work('g', 1);
  expect(done.at(-1)).toBe('g');
});

test('work that waits can be taken back', () => {
  const { work, done, task } = page();
  work('a', 9);
  const takeBack = work('b', 1);
  work('c', 1);
  takeBack();
  task();
  expect(done).toEqual(['a', 'c']);
});

test('work that fails does not stop the rest', () => {
  const tasks: (() => void)[] = [];
  const done: string[] = [];
  const { soon } = createPortions(
    (run) => void tasks.push(run),
    () => done.length * 10,
  );
  soon(() => void done.push('a'));
  soon(() => {
    throw new Error('no such picture');
  });
  soon(() => void done.push('b'));
  expect(() => tasks.shift()!()).toThrow('no such picture');
  tasks.shift()!();
  expect(done).toEqual(['a', 'b']);
});
