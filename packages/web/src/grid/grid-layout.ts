/** @module The layout of the endless grid. All lengths in CSS pixels. */

interface GridLayout {
  columns: number;
  /** Width and height of a dog. */
  tile: number;
  /** From the top of one row to the top of the next. */
  rowHeight: number;
}

const GAP = 12;
const NARROW = 480;

/** As many columns as fit, evenly filling the width. */
export function layoutFor(width: number): GridLayout {
  const least = width < NARROW ? 100 : 124;
  const gap = width < NARROW ? 8 : GAP;
  const columns = Math.max(2, Math.floor((width + gap) / (least + gap)));
  const tile = (width - gap * (columns - 1)) / columns;
  return { columns, tile, rowHeight: tile + gap };
}

/** The rows to keep in the document: those in the window, and `spare` more on either side for fast scrolling. */
export function rowsInWindow(
  { rowHeight }: GridLayout,
  gridTop: number,
  windowHeight: number,
  spare: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(-gridTop / rowHeight) - spare);
  const last = Math.max(first, Math.ceil((windowHeight - gridTop) / rowHeight) - 1 + spare);
  return { first, last };
}

/** Browsers cannot lay out taller elements: Firefox stops at 17.9 million pixels. */
const TALLEST = 16_000_000;

/** How many rows the grid makes room for, so that there is always more to scroll to. */
export function rowsClaimed({ rowHeight }: GridLayout, last: number, before: number): number {
  return Math.min(Math.floor(TALLEST / rowHeight), Math.max(before, last + 60));
}

/** The dog that a navigation key moves to from the i-th dog, or null for other keys. */
export function stepFor(key: string, i: number, columns: number, rowsAPage: number): number | null {
  const column = i % columns;
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * rowsAPage,
    PageUp: -columns * rowsAPage,
    Home: -column,
    End: columns - 1 - column,
  };
  const step = steps[key];
  if (step === undefined) return null;
  if (i + step >= 0) return i + step;
  return key === 'PageUp' ? column : i;
}
