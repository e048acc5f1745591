import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const code = await readFile(join(import.meta.dirname, 'follow.js'), 'utf8');
const NOW = Date.parse('2026-01-01T12:00:00Z');

/** A page of a run, with its timers and its storage. */
function page(
  data: object,
  { stored = {} as Record<string, string>, hidden = false, selected = false, written = '2026-01-01T11:59:50Z' } = {},
) {
  const storage = new Map(Object.entries(stored));
  const timers: (() => void)[] = [];
  const happened = { reloads: 0, scrolled: null as [number, number] | null };
  const details = [{ open: true }, { open: false }];
  const document = {
    hidden,
    getElementById: () => ({ textContent: JSON.stringify(data) }),
    querySelector: () => ({ dateTime: written }),
    querySelectorAll: () => details,
  };
  runInNewContext(code, {
    document,
    location: { pathname: '/runs/1/report.html', reload: () => happened.reloads++ },
    sessionStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
      removeItem: (key: string) => storage.delete(key),
    },
    history: {},
    scrollX: 3,
    scrollY: 700,
    scrollTo: (x: number, y: number) => {
      happened.scrolled = [x, y];
    },
    getSelection: () => ({ isCollapsed: !selected }),
    setTimeout: (timer: () => void) => timers.push(timer),
    Date: { now: () => NOW, parse: Date.parse },
  });
  return { happened, timers, storage, details, document };
}

test('while the run is trained the page loads again and keeps its place', () => {
  const first = page({ running: true });
  expect(first.happened).toEqual({ reloads: 0, scrolled: null });
  first.timers[0]!();
  expect(first.happened.reloads).toBe(1);
  const second = page({ running: true }, { stored: Object.fromEntries(first.storage) });
  expect(second.happened.scrolled).toEqual([3, 700]);
  expect(second.storage.size).toBe(0);
  // The last load, of the finished run, keeps the place, too.
  const last = page({ running: false }, { stored: Object.fromEntries(first.storage) });
  expect(last.happened.scrolled).toEqual([3, 700]);
  expect(last.timers).toEqual([]);
});

test('a run that has ended, or was killed an hour ago, is not followed', () => {
  expect(page({ running: false }).timers).toEqual([]);
  const killed = page({ running: true }, { written: '2026-01-01T10:59:00Z' });
  killed.timers[0]!();
  expect(killed.happened.reloads).toBe(0);
  expect(killed.timers).toHaveLength(1);
});

test.each([{ hidden: true }, { selected: true }])('%j: the page waits', (options) => {
  const { happened, timers, document } = page({ running: true }, options);
  timers[0]!();
  expect(happened.reloads).toBe(0);
  expect(timers).toHaveLength(2);
  document.hidden = false;
});
