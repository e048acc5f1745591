import { expect, test } from 'vitest';
import { alignedTable } from './aligned-table.ts';

test('columns start at one edge on the left and end at one on the right', () => {
  const rows = [
    ['name', 'images', 'note'],
    ['a', '5', ''],
    ['longer', '1,000', 'x'],
  ];
  expect(alignedTable(rows, (column) => column !== 1)).toBe(
    ['name    images  note', 'a            5', 'longer   1,000  x'].join('\n'),
  );
});
